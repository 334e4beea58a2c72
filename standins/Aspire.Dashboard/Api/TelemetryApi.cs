using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Api;

/// <summary>What scripts read: <c>GET /api/telemetry/resources</c>, <c>/traces</c>, <c>/spans</c> and <c>/logs</c>.</summary>
internal static class TelemetryApi
{
    private const int DefaultTake = 200;
    private const int MaxTake = 1_000;

    /// <summary>Spans of one trace in the list of traces; the others are asked for by the trace's id.</summary>
    private const int MaxSpansInList = 500;

    public static void MapTelemetryApi(this IEndpointRouteBuilder routes, TelemetryStore store, IApplication application)
    {
        var group = routes.MapGroup("/api/telemetry");
        group.MapGet("/resources", () => TypedResults.Json(ResourceJson.All(store, application), TelemetryJson.Default.IReadOnlyListResourceJson));
        group.MapGet("/traces", (string? resource, string? text, bool? hasError, int? skip, int? take) =>
        {
            var page = store.GetTraces(new TraceQuery { Resource = resource, Text = text, OnlyErrors = hasError ?? false, Skip = Math.Max(skip ?? 0, 0), Take = Take(take) });
            return TypedResults.Json(new TracesJson(page.TotalCount, [.. page.Items.Select(summary => TraceJson.Of(summary, store.GetTrace(summary.TraceId), MaxSpansInList))]), TelemetryJson.Default.TracesJson);
        });
        group.MapGet("/traces/{traceId}", IResult (string traceId) => store.GetTrace(traceId.ToLowerInvariant()) is { } trace
            ? TypedResults.Json(TraceJson.Of(trace.Summary, trace, int.MaxValue), TelemetryJson.Default.TraceJson)
            : TypedResults.Problem("The trace was not received, or newer ones have pushed it out.", statusCode: StatusCodes.Status404NotFound, type: "urn:problem:trace-unknown"));
        group.MapGet("/spans", (string? resource, string? traceId, string? text, bool? hasError, int? take) =>
        {
            var spans = store.GetSpans(resource, traceId?.ToLowerInvariant(), text, hasError ?? false);
            return TypedResults.Json(new SpansJson(spans.Count, [.. spans.Take(Take(take)).Select(SpanJson.Of)]), TelemetryJson.Default.SpansJson);
        });
        group.MapGet("/logs", (string? resource, LogLevel? level, string? text, string? traceId, long? before, int? take) =>
        {
            var page = store.GetLogs(new LogQuery
            {
                Resource = resource,
                MinimumLevel = level ?? LogLevel.Trace,
                Text = text,
                TraceId = traceId?.ToLowerInvariant(),
                Before = before,
                Take = Take(take),
            });
            return TypedResults.Json(new LogsJson(page.TotalCount, [.. page.Items.Select(LogJson.Of)]), TelemetryJson.Default.LogsJson);
        });
    }

    private static int Take(int? take) => Math.Clamp(take ?? DefaultTake, 0, MaxTake);
}
