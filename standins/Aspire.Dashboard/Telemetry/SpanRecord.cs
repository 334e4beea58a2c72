namespace Aspire.Dashboard.Telemetry;

/// <summary>A span as it was received.</summary>
public sealed class SpanRecord
{
    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>The instrumentation's name: in .NET the activity source.</summary>
    public required string Scope { get; init; }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>16 lower-case hexadecimal digits.</summary>
    public required string SpanId { get; init; }

    /// <summary>The span that it is part of; null for the first of a trace.</summary>
    public required string? ParentSpanId { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Its side of a call, if it is one.</summary>
    public required SpanKind Kind { get; init; }

    /// <summary>When it began, by the clock of its process.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it took; never negative.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How it ended.</summary>
    public required SpanStatus Status { get; init; }

    /// <summary>Why, if it failed and says so.</summary>
    public required string? StatusMessage { get; init; }

    /// <summary>Attributes in the order received.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; }

    /// <summary>Events, exceptions among them.</summary>
    public required IReadOnlyList<SpanEvent> Events { get; init; }

    /// <summary>Spans of other traces, or this one, that it has to do with.</summary>
    public required IReadOnlyList<SpanLink> Links { get; init; }

    /// <summary>Attributes, events and links that the sender or the dashboard left out.</summary>
    public required int Dropped { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset End => Start + Duration;

    /// <summary>Whether it failed.</summary>
    public bool IsError => Status == SpanStatus.Error;

    internal long Bytes { get; init; }

    internal bool IsEvicted { get; set; }
}

/// <summary>The side of a call.</summary>
public enum SpanKind
{
    /// <summary>No call.</summary>
    Internal,

    /// <summary>Answers a call.</summary>
    Server,

    /// <summary>Makes a call.</summary>
    Client,

    /// <summary>Sends a message.</summary>
    Producer,

    /// <summary>Handles a message.</summary>
    Consumer,
}

/// <summary>How a span ended.</summary>
public enum SpanStatus
{
    /// <summary>It does not say.</summary>
    Unset,

    /// <summary>Well.</summary>
    Ok,

    /// <summary>It failed.</summary>
    Error,
}

/// <summary>Something that happened during a span.</summary>
/// <param name="Time">When.</param>
/// <param name="Name">What; <c>exception</c> for an exception.</param>
/// <param name="Attributes">Attributes, such as <c>exception.type</c>, <c>exception.message</c> and <c>exception.stacktrace</c>.</param>
public sealed record SpanEvent(DateTimeOffset Time, string Name, IReadOnlyList<KeyValuePair<string, string>> Attributes);

/// <summary>A span that another one has to do with.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="Attributes">What it has to do with it.</param>
public sealed record SpanLink(string TraceId, string SpanId, IReadOnlyList<KeyValuePair<string, string>> Attributes);
