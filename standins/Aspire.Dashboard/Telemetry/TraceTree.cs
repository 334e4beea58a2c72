namespace Aspire.Dashboard.Telemetry;

/// <summary>Puts the spans of a trace in the order of a waterfall, whatever their parents say.</summary>
internal static class TraceTree
{
    public static IReadOnlyList<TraceNode> Order(IReadOnlyList<SpanRecord> spans)
    {
        // By span, not by id: a span id that comes twice is two spans, and its children belong to the first.
        var byId = new Dictionary<string, SpanRecord>(spans.Count, StringComparer.Ordinal);
        foreach (var span in spans)
        {
            byId.TryAdd(span.SpanId, span);
        }

        var children = new Dictionary<SpanRecord, List<SpanRecord>>();
        var roots = new List<SpanRecord>();
        foreach (var span in spans)
        {
            if (span.ParentSpanId is { } parentId && byId.TryGetValue(parentId, out var parent) && parent != span)
            {
                (children.TryGetValue(parent, out var siblings) ? siblings : children[parent] = []).Add(span);
            }
            else
            {
                roots.Add(span);
            }
        }

        foreach (var siblings in children.Values)
        {
            siblings.Sort(ByStart);
        }

        roots.Sort(ByStart);
        var walk = new Walk(spans.Count, children);
        walk.AddAll(roots);
        if (walk.Count < spans.Count)
        {
            // What is left are rings of parents, and what hangs on them: each is opened at the span that began first.
            foreach (var span in spans.Order(Comparer<SpanRecord>.Create(ByStart)))
            {
                walk.Add(span);
            }
        }

        return walk.Nodes();
    }

    private static int ByStart(SpanRecord left, SpanRecord right) =>
        left.Start != right.Start ? left.Start.CompareTo(right.Start)
        // Of two that began together the longer one is likely to hold the other.
        : left.Duration != right.Duration ? right.Duration.CompareTo(left.Duration)
        : string.CompareOrdinal(left.SpanId, right.SpanId);

    /// <summary>Goes depth first without recursion: a trace may be one chain of all its spans.</summary>
    private sealed class Walk(int capacity, Dictionary<SpanRecord, List<SpanRecord>> children)
    {
        private readonly HashSet<SpanRecord> _seen = new(capacity);
        private readonly List<(SpanRecord Span, int Depth, int ChildCount)> _order = new(capacity);
        private readonly Stack<(SpanRecord Span, int Depth)> _open = new();

        public int Count => _order.Count;

        public void AddAll(List<SpanRecord> roots)
        {
            foreach (var root in roots)
            {
                Add(root);
            }
        }

        public void Add(SpanRecord root)
        {
            _open.Push((root, 0));
            while (_open.TryPop(out var next))
            {
                if (!_seen.Add(next.Span))
                {
                    continue;
                }

                var own = children.GetValueOrDefault(next.Span) ?? [];
                _order.Add((next.Span, next.Depth, own.Count(child => !_seen.Contains(child))));
                for (var i = own.Count - 1; i >= 0; i--)
                {
                    if (!_seen.Contains(own[i]))
                    {
                        _open.Push((own[i], next.Depth + 1));
                    }
                }
            }
        }

        public IReadOnlyList<TraceNode> Nodes()
        {
            var descendants = new int[_order.Count];
            var open = new Stack<int>();
            for (var i = 0; i < _order.Count; i++)
            {
                Close(i, _order[i].Depth);
                open.Push(i);
            }

            Close(_order.Count, 0);
            return [.. _order.Select((item, i) => new TraceNode(item.Span, item.Depth, item.ChildCount, descendants[i], item.Depth == 0 && item.Span.ParentSpanId is not null))];

            void Close(int end, int depth)
            {
                while (open.TryPeek(out var last) && _order[last].Depth >= depth)
                {
                    descendants[open.Pop()] = end - last - 1;
                }
            }
        }
    }
}
