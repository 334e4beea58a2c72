namespace Aspire.Dashboard.Telemetry;

/// <summary>A structured log record as it was received.</summary>
public sealed class LogEntry
{
    /// <summary>Grows with each record that is received.</summary>
    public long Id { get; internal set; }

    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>The category.</summary>
    public required string Scope { get; init; }

    /// <summary>When, by the clock of its process.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The level.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>The trace that it was written in; null outside of any.</summary>
    public required string? TraceId { get; init; }

    /// <summary>The span that it was written in; null outside of any.</summary>
    public required string? SpanId { get; init; }

    /// <summary>Attributes in the order received, those of an exception among them.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; }

    /// <summary>Attributes that the sender or the dashboard left out.</summary>
    public required int Dropped { get; init; }

    internal long Bytes { get; init; }
}

/// <summary>Which log records are asked for.</summary>
public sealed record LogQuery
{
    /// <summary>The service's or instance's name.</summary>
    public string? Resource { get; init; }

    /// <summary>The lowest level.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Trace;

    /// <summary>Text in the message, the category or an attribute, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>The trace that they were written in.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span that they were written in.</summary>
    public string? SpanId { get; init; }

    /// <summary>Only records older than the one with this id; what was last seen of the part before.</summary>
    public long? Before { get; init; }

    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 200;
}

/// <summary>A part of the log, newest first.</summary>
/// <param name="Items">The records.</param>
/// <param name="TotalCount">How many the query finds, without <c>Before</c> and <c>Take</c>.</param>
public sealed record LogPage(IReadOnlyList<LogEntry> Items, int TotalCount);

/// <summary>The latest value of a metric for one set of attributes.</summary>
/// <param name="Scope">The meter.</param>
/// <param name="Name">The instrument.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Description">What it means.</param>
/// <param name="Attributes">What the value is of.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="Value">The value; of a distribution its sum.</param>
/// <param name="Count">How many measurements a distribution is of; null for a number.</param>
public sealed record MetricValue(
    string Scope,
    string Name,
    string Unit,
    string Description,
    IReadOnlyList<KeyValuePair<string, string>> Attributes,
    DateTimeOffset Time,
    double Value,
    ulong? Count);
