namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Keeps the latest telemetry in memory, within <see cref="TelemetryLimits"/>. Everything it gives out is a snapshot that changes no more.
/// </summary>
/// <param name="limits">How much is kept.</param>
/// <param name="time">The clock.</param>
public sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TelemetryResource, ResourceTelemetry> _resources = [];
    private readonly Dictionary<string, TraceEntry> _traces = new(StringComparer.Ordinal);
    private long _bytes;
    private int _metrics;
    private long _lastLogId;
    private long _lastHeard;

    /// <summary>How much is kept.</summary>
    public TelemetryLimits Limits { get; } = limits;

    /// <summary>Says that spans came or went.</summary>
    public ChangeSignal TraceChanges { get; } = new(time);

    /// <summary>Says that log records came or went.</summary>
    public ChangeSignal LogChanges { get; } = new(time);

    /// <summary>Says that values of metrics came.</summary>
    public ChangeSignal MetricChanges { get; } = new(time);

    /// <summary>Who has sent telemetry, by name.</summary>
    public IReadOnlyList<TelemetryResourceSummary> GetResources()
    {
        lock (_lock)
        {
            return
            [
                .. _resources.Values.Select(own => new TelemetryResourceSummary(
                        own.Resource, own.Attributes, own.Spans.Count, own.Logs.Count, own.Metrics.Count, own.DroppedSpans, own.DroppedLogs))
                    .OrderBy(summary => summary.Resource.DisplayName, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The traces that a query finds, the newest first.</summary>
    public TracePage GetTraces(TraceQuery query)
    {
        List<TraceSummary> found;
        lock (_lock)
        {
            found = [.. _traces.Values.Select(entry => entry.Summary).Where(summary => Matches(summary, query))];
        }

        found.Sort((left, right) => left.Start != right.Start ? right.Start.CompareTo(left.Start) : string.CompareOrdinal(left.TraceId, right.TraceId));
        return new([.. found.Skip(query.Skip).Take(query.Take)], found.Count);
    }

    /// <summary>One trace.</summary>
    /// <returns>Null if it is not here, or no longer.</returns>
    public Trace? GetTrace(string traceId)
    {
        TraceSummary summary;
        List<SpanRecord> spans;
        List<SpanRecord> linking;
        lock (_lock)
        {
            if (!_traces.TryGetValue(traceId, out var entry))
            {
                return null;
            }

            summary = entry.Summary;
            spans = entry.Spans();
            linking = [.. _resources.Values.SelectMany(own => own.Spans).Where(span => span.Links.Count > 0 && span.TraceId != traceId && span.Links.Any(link => link.TraceId == traceId))];
        }

        return new(summary, TraceTree.Order(spans), linking);
    }

    /// <summary>The spans that a query finds, those that began last first.</summary>
    /// <param name="resource">The service's or instance's name; null for all.</param>
    /// <param name="traceId">The trace; null for all.</param>
    /// <param name="text">Text in the name, in any case; null for all.</param>
    /// <param name="onlyErrors">Only those that failed.</param>
    public IReadOnlyList<SpanRecord> GetSpans(string? resource, string? traceId, string? text, bool onlyErrors)
    {
        List<SpanRecord> all;
        lock (_lock)
        {
            all = traceId is null
                ? [.. _resources.Values.SelectMany(own => own.Spans)]
                : _traces.TryGetValue(traceId, out var trace) ? trace.Spans() : [];
        }

        return
        [
            .. all.Where(span => IsOf(span.Resource, resource)
                && (!onlyErrors || span.IsError)
                && (string.IsNullOrEmpty(text) || span.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
                .OrderByDescending(span => span.Start),
        ];
    }

    /// <summary>Whether a trace is here: a link may lead to one that is not.</summary>
    public bool HasTrace(string traceId)
    {
        lock (_lock)
        {
            return _traces.ContainsKey(traceId);
        }
    }

    /// <summary>The log records that a query finds, the newest first.</summary>
    public LogPage GetLogs(LogQuery query)
    {
        List<LogEntry> all;
        lock (_lock)
        {
            all = [.. _resources.Values.Where(own => IsOf(own.Resource, query.Resource)).SelectMany(own => own.Logs)];
        }

        var found = all.Where(entry => Matches(entry, query)).OrderByDescending(entry => entry.Id).ToList();
        return new([.. found.Where(entry => query.Before is null || entry.Id < query.Before).Take(query.Take)], found.Count);
    }

    /// <summary>The latest values of a resource's metrics.</summary>
    public IReadOnlyList<MetricValue> GetMetrics(TelemetryResource resource)
    {
        lock (_lock)
        {
            return _resources.TryGetValue(resource, out var own) ? [.. own.Metrics.Values] : [];
        }
    }

    internal void AddSpans(TelemetryResource resource, IReadOnlyList<KeyValuePair<string, string>> attributes, IReadOnlyList<SpanRecord> spans)
    {
        lock (_lock)
        {
            var own = Of(resource, attributes);
            foreach (var span in spans)
            {
                own.Spans.Enqueue(span);
                Count(own, span.Bytes);
                (_traces.TryGetValue(span.TraceId, out var trace) ? trace : _traces[span.TraceId] = new TraceEntry(span.TraceId)).Add(span);
                if (own.Spans.Count > Limits.MaxSpans)
                {
                    DropSpan(own);
                }
            }

            DropBeyondBytes();
        }

        TraceChanges.Raise();
    }

    internal void AddLogs(TelemetryResource resource, IReadOnlyList<KeyValuePair<string, string>> attributes, IReadOnlyList<LogEntry> entries)
    {
        lock (_lock)
        {
            var own = Of(resource, attributes);
            foreach (var entry in entries)
            {
                entry.Id = ++_lastLogId;
                own.Logs.Enqueue(entry);
                Count(own, entry.Bytes);
                if (own.Logs.Count > Limits.MaxLogs)
                {
                    DropLog(own);
                }
            }

            DropBeyondBytes();
        }

        LogChanges.Raise();
    }

    internal void AddMetrics(TelemetryResource resource, IReadOnlyList<KeyValuePair<string, string>> attributes, IReadOnlyList<MetricValue> values)
    {
        lock (_lock)
        {
            var own = Of(resource, attributes);
            foreach (var value in values)
            {
                // Not the oldest goes, but the newest is not kept: a value that comes and goes says nothing.
                var key = new MetricKey(value);
                if (own.Metrics.ContainsKey(key) || (own.Metrics.Count < Limits.MaxMetrics && _metrics < Limits.MaxMetricsInAll))
                {
                    _metrics += own.Metrics.ContainsKey(key) ? 0 : 1;
                    own.Metrics[key] = value;
                }
            }
        }

        MetricChanges.Raise();
    }

    private ResourceTelemetry Of(TelemetryResource resource, IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        if (!_resources.TryGetValue(resource, out var own))
        {
            if (_resources.Count >= Limits.MaxResources)
            {
                Drop(_resources.Values.MinBy(other => other.LastHeard)!);
            }

            _resources[resource] = own = new ResourceTelemetry(resource);
        }

        own.Attributes = attributes;
        own.LastHeard = ++_lastHeard;
        return own;
    }

    private void Drop(ResourceTelemetry own)
    {
        while (own.Spans.Count > 0)
        {
            DropSpan(own);
        }

        while (own.Logs.Count > 0)
        {
            DropLog(own);
        }

        _metrics -= own.Metrics.Count;
        _resources.Remove(own.Resource);
    }

    private void DropBeyondBytes()
    {
        while (_bytes > Limits.MaxBytes && _resources.Values.MaxBy(own => own.Bytes) is { } largest)
        {
            if (largest.Spans.Count >= largest.Logs.Count)
            {
                DropSpan(largest);
            }
            else
            {
                DropLog(largest);
            }
        }
    }

    private void DropSpan(ResourceTelemetry own)
    {
        var span = own.Spans.Dequeue();
        own.DroppedSpans++;
        Count(own, -span.Bytes);
        var trace = _traces[span.TraceId];
        trace.Remove(span);
        if (trace.IsEmpty)
        {
            _traces.Remove(span.TraceId);
        }
    }

    private void DropLog(ResourceTelemetry own)
    {
        Count(own, -own.Logs.Dequeue().Bytes);
        own.DroppedLogs++;
    }

    private void Count(ResourceTelemetry own, long bytes)
    {
        own.Bytes += bytes;
        _bytes += bytes;
    }

    private static bool IsOf(TelemetryResource resource, string? name) => string.IsNullOrEmpty(name) || resource.Name == name || resource.InstanceId == name;

    private static bool Matches(TraceSummary summary, TraceQuery query) =>
        (!query.OnlyErrors || summary.ErrorCount > 0)
        && summary.Resources.Any(part => IsOf(part.Key, query.Resource))
        && (string.IsNullOrEmpty(query.Text)
            || summary.Name.Contains(query.Text, StringComparison.OrdinalIgnoreCase)
            || summary.TraceId.StartsWith(query.Text, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(LogEntry entry, LogQuery query) =>
        entry.Level >= query.MinimumLevel
        && (query.TraceId is null || entry.TraceId == query.TraceId)
        && (query.SpanId is null || entry.SpanId == query.SpanId)
        && (string.IsNullOrEmpty(query.Text)
            || entry.Message.Contains(query.Text, StringComparison.OrdinalIgnoreCase)
            || entry.Scope.Contains(query.Text, StringComparison.OrdinalIgnoreCase)
            || entry.Attributes.Any(attribute => attribute.Value.Contains(query.Text, StringComparison.OrdinalIgnoreCase)));

    private sealed class ResourceTelemetry(TelemetryResource resource)
    {
        public TelemetryResource Resource { get; } = resource;

        public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; set; } = [];

        public Queue<SpanRecord> Spans { get; } = [];

        public Queue<LogEntry> Logs { get; } = [];

        public Dictionary<MetricKey, MetricValue> Metrics { get; } = [];

        public long Bytes { get; set; }

        public long LastHeard { get; set; }

        public long DroppedSpans { get; set; }

        public long DroppedLogs { get; set; }
    }
}
