namespace Aspire.Dashboard.Telemetry;

/// <summary>The spans of a trace as they come and go, in any order.</summary>
internal sealed class TraceEntry(string traceId)
{
    /// <summary>So many spans that are gone may be left in the list before it is made anew.</summary>
    private const int Slack = 32;

    private List<SpanRecord> _spans = [];
    private int _evicted;
    private TraceSummary? _summary;

    public bool IsEmpty => _spans.Count == _evicted;

    /// <summary>Worked out when it is asked for, once for all changes before.</summary>
    public TraceSummary Summary => _summary ??= Summarize();

    public void Add(SpanRecord span)
    {
        _spans.Add(span);
        _summary = null;
    }

    /// <summary>Forgets a span, in constant time on average however many there are.</summary>
    public void Remove(SpanRecord span)
    {
        span.IsEvicted = true;
        _evicted++;
        _summary = null;
        if (_evicted > Slack && _evicted > _spans.Count / 2)
        {
            _spans = Spans();
            _evicted = 0;
        }
    }

    public List<SpanRecord> Spans() => _spans.FindAll(span => !span.IsEvicted);

    private TraceSummary Summarize()
    {
        SpanRecord? first = null;
        SpanRecord? root = null;
        var end = DateTimeOffset.MinValue;
        var errors = 0;
        var parts = new Dictionary<TelemetryResource, int>();
        foreach (var span in _spans)
        {
            if (span.IsEvicted)
            {
                continue;
            }

            first = first is null || span.Start < first.Start ? span : first;
            if (span.ParentSpanId is null)
            {
                root = root is null || span.Start < root.Start ? span : root;
            }

            end = span.End > end ? span.End : end;
            errors += span.IsError ? 1 : 0;
            parts[span.Resource] = parts.GetValueOrDefault(span.Resource) + 1;
        }

        var top = root ?? first!;
        return new(traceId, top.Name, top.Resource, first!.Start, end - first.Start, _spans.Count - _evicted, errors, [.. parts], root is not null);
    }
}
