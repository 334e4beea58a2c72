using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProSaas.Tests.Fixtures;

/// <summary>Takes what services export by OTLP over HTTP, as raw protobuf, in which names and ids can be searched.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private WebApplication _app = null!;

    private OtlpReceiver()
    {
    }

    /// <summary>The settings that make a service export here.</summary>
    public (string Name, string Value)[] Environment =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Address()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), (
            "OTEL_METRIC_EXPORT_INTERVAL",
            "1000")];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        receiver._app = await LoopbackServer.StartAsync(app => app.MapPost("/v1/{signal}", receiver.TakeAsync));
        return receiver;
    }

    public bool Has(string text) => Has(Encoding.UTF8.GetBytes(text));

    public bool Has(byte[] bytes) => _bodies.Any(body => body.AsSpan().IndexOf(bytes) >= 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        _bodies.Enqueue(body.ToArray());
    }
}
