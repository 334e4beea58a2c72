namespace Aspire.Dashboard.Telemetry;

/// <summary>A trace in a list.</summary>
/// <param name="TraceId">32 lower-case hexadecimal digits.</param>
/// <param name="Name">The name of its first span.</param>
/// <param name="Resource">Who sent the first span.</param>
/// <param name="Start">When its first span began.</param>
/// <param name="Duration">From the begin of the first to the end of the last.</param>
/// <param name="SpanCount">Spans.</param>
/// <param name="ErrorCount">Spans that failed.</param>
/// <param name="Resources">Who has a part in it, with the number of spans.</param>
/// <param name="IsComplete">Whether the span that all others come from is here.</param>
public sealed record TraceSummary(
    string TraceId,
    string Name,
    TelemetryResource Resource,
    DateTimeOffset Start,
    TimeSpan Duration,
    int SpanCount,
    int ErrorCount,
    IReadOnlyList<KeyValuePair<TelemetryResource, int>> Resources,
    bool IsComplete);

/// <summary>Which traces are asked for.</summary>
public sealed record TraceQuery
{
    /// <summary>The service's or instance's name that must have a part in it.</summary>
    public string? Resource { get; init; }

    /// <summary>Text in the name of the first span, or the begin of the trace's id.</summary>
    public string? Text { get; init; }

    /// <summary>Only those with a span that failed.</summary>
    public bool OnlyErrors { get; init; }

    /// <summary>How many of the newest are left out.</summary>
    public int Skip { get; init; }

    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 100;
}

/// <summary>A part of a list of traces, newest first.</summary>
/// <param name="Items">The traces.</param>
/// <param name="TotalCount">How many there are in all.</param>
public sealed record TracePage(IReadOnlyList<TraceSummary> Items, int TotalCount);

/// <summary>A trace with its spans, in the order in which a waterfall shows them.</summary>
/// <param name="Summary">The trace.</param>
/// <param name="Nodes">Parents before their children, those in the order in which they began.</param>
/// <param name="LinkedFrom">Spans of other traces that link here.</param>
public sealed record Trace(TraceSummary Summary, IReadOnlyList<TraceNode> Nodes, IReadOnlyList<SpanRecord> LinkedFrom);

/// <summary>A span in its place.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many parents it has here, 0 or more.</param>
/// <param name="ChildCount">Its direct children.</param>
/// <param name="DescendantCount">All below it: as many nodes follow that a collapsed node hides.</param>
/// <param name="ParentIsMissing">It names a parent that was not received, or that is its own descendant.</param>
public sealed record TraceNode(SpanRecord Span, int Depth, int ChildCount, int DescendantCount, bool ParentIsMissing);
