using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ProSaas.Tests.Deploy;

/// <summary>A request as it arrived behind nginx.</summary>
internal sealed record ArrivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, long BodyLength)
{
    public string Query { get; init; } = "";
}

/// <summary>What stands behind nginx: answers, takes uploads of any size and echoes over WebSockets.</summary>
internal sealed class UpstreamServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ArrivedRequest> _arrived = new();
    private WebApplication _app = null!;

    private UpstreamServer(string name) => Name = name;

    public string Name { get; }

    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The header of that name; none when null.</summary>
    public string? RetryAfter { get; set; }

    public IReadOnlyList<ArrivedRequest> Arrived => [.. _arrived];

    public static Task<UpstreamServer> StartAsync(string name, int port, out string address)
    {
        address = $"http://127.0.0.1:{port}";
        return StartAsync(name, port);
    }

    public static async Task<UpstreamServer> StartAsync(string name, int port, string address = "127.0.0.1")
    {
        var server = new UpstreamServer(name);
        server._app = await LoopbackServer.StartAsync(app => app.UseWebSockets().Run(server.AnswerAsync), port, address);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (context.WebSockets.IsWebSocketRequest)
        {
            _arrived.Enqueue(new(context.Request.Method, context.Request.Path, headers, BodyLength: 0));
            await EchoAsync(context);
            return;
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var length = 0L;
        var buffer = new byte[64 * 1024];
        for (int count; (count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            length += count;
        }

        _arrived.Enqueue(new(context.Request.Method, context.Request.Path, headers, length) { Query = context.Request.QueryString.Value! });
        context.Response.StatusCode = Status;
        context.Response.Headers["X-Powered-By"] = "the tests";
        context.Response.Headers.RetryAfter = RetryAfter;
        await context.Response.WriteAsync(Name, context.RequestAborted);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
