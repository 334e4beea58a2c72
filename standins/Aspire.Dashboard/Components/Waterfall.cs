using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Components;

/// <summary>A trace as rows of bars over time, with what other traces it waited for among them.</summary>
internal sealed class Waterfall
{
    /// <summary>Spans of other traces that are shown among a trace's own, in all and a link.</summary>
    private const int MaxLinked = 200;
    private const int MaxLinkedChildren = 20;

    /// <summary>What was waited for is shown in full unless it began so many durations before, as after a stop of the API, or by a clock that is wrong.</summary>
    private const double MostBefore = 3;

    private readonly DateTimeOffset _start;
    private readonly TimeSpan _duration;

    private Waterfall(DateTimeOffset start, TimeSpan duration) => (_start, _duration) = (start, duration);

    /// <summary>What the left end stands for: the begin of the trace, or of what it waited for.</summary>
    public DateTimeOffset Start => _start;

    /// <summary>From the left end to the right one.</summary>
    public TimeSpan Duration => _duration;

    /// <summary>The rows that are not hidden in a collapsed one.</summary>
    public required IReadOnlyList<WaterfallRow> Rows { get; init; }

    /// <summary>Where waits of the trace's own ended: what begins there was waiting, too.</summary>
    public required IReadOnlyList<DateTimeOffset> WaitsEnded { get; init; }

    /// <summary>Lays a trace out.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="collapsed">The ids of the spans whose children are hidden.</param>
    /// <param name="find">Finds another trace; null if it is not here.</param>
    public static Waterfall Of(Trace trace, IReadOnlySet<string> collapsed, Func<string, Trace?> find)
    {
        var rows = new List<WaterfallRow>(trace.Nodes.Count);
        var waits = new List<DateTimeOffset>();
        var others = new Dictionary<string, Trace?>(StringComparer.Ordinal);
        var linked = 0;
        var start = trace.Summary.Start;
        for (var i = 0; i < trace.Nodes.Count; i++)
        {
            var node = trace.Nodes[i];
            var isCollapsed = node.ChildCount > 0 && collapsed.Contains(node.Span.SpanId);
            var row = new WaterfallRow(node.Span, node.Depth, node.ChildCount, isCollapsed, node.ParentIsMissing, OtherTraceId: null, WaitsFor: null);
            var position = rows.Count;
            rows.Add(row);
            foreach (var link in node.Span.Links.Where(link => link.TraceId != trace.Summary.TraceId))
            {
                if (linked >= MaxLinked || others.Count >= MaxLinked)
                {
                    break;
                }

                if (!others.TryGetValue(link.TraceId, out var other))
                {
                    others[link.TraceId] = other = find(link.TraceId);
                }

                if (other is not null)
                {
                    linked += AddLinked(rows, other, link.SpanId, node.Depth + 1);
                }
            }

            if (row.IsWait)
            {
                waits.Add(node.Span.End);
                if (rows.Count > position + 1)
                {
                    var cause = rows[position + 1].Span;
                    rows[position] = row with { WaitsFor = cause };
                    start = cause.Start < start && trace.Summary.Start - cause.Start <= MostBefore * trace.Summary.Duration ? cause.Start : start;
                }
            }

            i += isCollapsed ? node.DescendantCount : 0;
        }

        return new Waterfall(start, trace.Summary.Start + trace.Summary.Duration - start) { Rows = rows, WaitsEnded = waits };
    }

    /// <summary>Where a time is, from 0 at the left to 1 at the right; beyond that for what is not of the trace.</summary>
    public double Position(DateTimeOffset time) => _duration.Ticks == 0 ? 0 : (double)(time - _start).Ticks / _duration.Ticks;

    private static int AddLinked(List<WaterfallRow> rows, Trace other, string spanId, int depth)
    {
        var at = Math.Max(0, other.Nodes.TakeWhile(node => node.Span.SpanId != spanId).Count() % other.Nodes.Count);
        var top = other.Nodes[at];
        var nodes = other.Nodes.Skip(at).Take(top.DescendantCount + 1).Where(node => node.Depth <= top.Depth + 1 && (node == top || node.Span.Kind == SpanKind.Internal)).Take(MaxLinkedChildren + 1).ToList();
        rows.AddRange(nodes.Select(node => new WaterfallRow(node.Span, depth + node.Depth - top.Depth, ChildCount: 0, IsCollapsed: false, ParentIsMissing: false, other.Summary.TraceId, WaitsFor: null)));
        return nodes.Count;
    }
}
