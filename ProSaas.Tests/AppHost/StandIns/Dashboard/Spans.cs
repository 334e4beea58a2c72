using Aspire.Dashboard.Otlp.Wire;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>Makes spans, on the wire and as they are kept.</summary>
internal static class Spans
{
    public const string TraceId = "0000000000000000000000000000000a";

    public static DateTimeOffset Noon { get; } = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static ExportTraceServiceRequest Request(string service, params IEnumerable<Span> spans)
    {
        var scope = new ScopeSpans { Scope = new() { Name = "scope" } };
        scope.Spans.AddRange(spans);
        var resource = new ResourceSpans { Resource = new() { Attributes = { Attribute("service.name", service) } }, ScopeSpans = { scope } };
        return new ExportTraceServiceRequest { ResourceSpans = { resource } };
    }

    public static KeyValue Attribute(string key, string value) => new() { Key = key, Value = new() { StringValue = value } };

    public static Span Wire(int id, int parent = 0, int trace = 10, string name = "span") => new()
    {
        TraceId = ByteString.CopyFrom(Convert.FromHexString($"{trace:x32}")),
        SpanId = ByteString.CopyFrom(Convert.FromHexString($"{id:x16}")),
        ParentSpanId = parent == 0 ? ByteString.Empty : ByteString.CopyFrom(Convert.FromHexString($"{parent:x16}")),
        Name = name,
        StartTimeUnixNano = (ulong)(Noon - DateTimeOffset.UnixEpoch).Ticks * 100,
        EndTimeUnixNano = (ulong)(Noon - DateTimeOffset.UnixEpoch).Ticks * 100 + 5_000_000,
    };

    public static SpanRecord Kept(int id, int? parent = null, double startMs = 0, double durationMs = 10, int trace = 10, TelemetryResource? resource = null, long bytes = 100, string? name = null, params SpanLink[] links) => new()
    {
        Resource = resource ?? new TelemetryResource("api", ""),
        Scope = "scope",
        TraceId = $"{trace:x32}",
        SpanId = $"{id:x16}",
        ParentSpanId = parent is { } of ? $"{of:x16}" : null,
        Name = name ?? $"span {id}",
        Kind = SpanKind.Internal,
        Start = Noon.AddMilliseconds(startMs),
        Duration = TimeSpan.FromMilliseconds(durationMs),
        Status = SpanStatus.Unset,
        StatusMessage = null,
        Attributes = [],
        Events = [],
        Links = links,
        Dropped = 0,
        Bytes = bytes,
    };
}
