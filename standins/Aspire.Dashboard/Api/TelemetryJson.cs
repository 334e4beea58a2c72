using System.Text.Json.Serialization;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Api;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ResourceJson>))]
[JsonSerializable(typeof(TracesJson))]
[JsonSerializable(typeof(TraceJson))]
[JsonSerializable(typeof(SpansJson))]
[JsonSerializable(typeof(LogsJson))]
internal sealed partial class TelemetryJson : JsonSerializerContext;

internal sealed record TracesJson(int TotalCount, IReadOnlyList<TraceJson> Traces);

internal sealed record SpansJson(int TotalCount, IReadOnlyList<SpanJson> Spans);

internal sealed record LogsJson(int TotalCount, IReadOnlyList<LogJson> Logs);

/// <summary>A resource of the application, a sender of telemetry, or both.</summary>
internal sealed record ResourceJson(
    string Name, string? Type, string? State, string? Health, string? Reason, int? ExitCode, DateTimeOffset? StartTime, IReadOnlyList<string>? Urls, int Spans, int Logs, int Metrics)
{
    public static IReadOnlyList<ResourceJson> All(TelemetryStore store, IApplication application)
    {
        var senders = store.GetResources().GroupBy(sender => sender.Resource.DisplayName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (Spans: group.Sum(s => s.SpanCount), Logs: group.Sum(s => s.LogCount), Metrics: group.Sum(s => s.MetricCount)), StringComparer.Ordinal);
        var resources = application.GetResources().Select(resource =>
        {
            senders.Remove(resource.Name, out var sent);
            return new ResourceJson(
                resource.Name, resource.Type, resource.State, resource.Health, resource.Reason, resource.ExitCode, resource.StartTime, [.. resource.Urls.Select(url => url.Url)], sent.Spans, sent.Logs, sent.Metrics);
        }).ToList();
        return [.. resources, .. senders.Select(other => new ResourceJson(other.Key, null, null, null, null, null, null, null, other.Value.Spans, other.Value.Logs, other.Value.Metrics))];
    }
}

internal sealed record TraceJson(
    string TraceId, string Name, string Resource, DateTimeOffset Start, double DurationMs, int SpanCount, int ErrorCount, IReadOnlyList<SpanJson> Spans)
{
    public static TraceJson Of(TraceSummary summary, Trace? trace, int maxSpans) => new(
        summary.TraceId, summary.Name, summary.Resource.DisplayName, summary.Start, summary.Duration.TotalMilliseconds, summary.SpanCount, summary.ErrorCount,
        [.. (trace?.Nodes ?? []).Take(maxSpans).Select(node => SpanJson.Of(node.Span))]);
}

internal sealed record SpanJson(
    string TraceId,
    string SpanId,
    string? ParentSpanId,
    string Resource,
    string Scope,
    string Name,
    SpanKind Kind,
    DateTimeOffset Start,
    double DurationMs,
    SpanStatus Status,
    string? StatusMessage,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<EventJson> Events,
    IReadOnlyList<LinkJson> Links)
{
    public static SpanJson Of(SpanRecord span) => new(
        span.TraceId, span.SpanId, span.ParentSpanId, span.Resource.DisplayName, span.Scope, span.Name, span.Kind, span.Start, span.Duration.TotalMilliseconds, span.Status, span.StatusMessage,
        Members.Of(span.Attributes), [.. span.Events.Select(e => new EventJson(e.Name, e.Time, Members.Of(e.Attributes)))], [.. span.Links.Select(link => new LinkJson(link.TraceId, link.SpanId))]);
}

internal sealed record EventJson(string Name, DateTimeOffset Time, IReadOnlyDictionary<string, string> Attributes);

internal sealed record LinkJson(string TraceId, string SpanId);

internal sealed record LogJson(
    long Id, DateTimeOffset Time, Microsoft.Extensions.Logging.LogLevel Level, string Resource, string Scope, string Message, string? TraceId, string? SpanId, IReadOnlyDictionary<string, string> Attributes)
{
    public static LogJson Of(LogEntry entry) => new(
        entry.Id, entry.Time, entry.Level, entry.Resource.DisplayName, entry.Scope, entry.Message, entry.TraceId, entry.SpanId, Members.Of(entry.Attributes));
}

internal static class Members
{
    /// <summary>A name that comes twice has the value that came last.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in attributes)
        {
            members[key] = value;
        }

        return members;
    }
}
