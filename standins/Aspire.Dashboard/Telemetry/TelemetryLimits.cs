namespace Aspire.Dashboard.Telemetry;

/// <summary>How much telemetry is kept. What goes beyond a bound pushes the oldest out, or is cut, and is counted.</summary>
public sealed record TelemetryLimits
{
    /// <summary>Spans a resource; 10,000 unless set.</summary>
    public int MaxSpans { get; init; } = 10_000;

    /// <summary>Log records a resource; 10,000 unless set.</summary>
    public int MaxLogs { get; init; } = 10_000;

    /// <summary>Latest values of metrics a resource.</summary>
    public int MaxMetrics { get; init; } = 2_000;

    /// <summary>Latest values of metrics of all resources.</summary>
    public int MaxMetricsInAll { get; init; } = 10_000;

    /// <summary>Resources; who was not heard from for longest goes.</summary>
    public int MaxResources { get; init; } = 64;

    /// <summary>Attributes of one span, event, link, log record or value.</summary>
    public int MaxAttributes { get; init; } = 128;

    /// <summary>Characters of a name, a value or a message.</summary>
    public int MaxTextLength { get; init; } = 8 * 1024;

    /// <summary>Events of a span, and links of a span.</summary>
    public int MaxEvents { get; init; } = 128;

    /// <summary>Bytes of all spans and log records together, about.</summary>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;
}
