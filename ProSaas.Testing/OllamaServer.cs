using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProSaas.Testing;

/// <summary>Speaks Ollama's chat, which is a line of JSON a part, and says one thing.</summary>
public sealed class OllamaServer : IAsyncDisposable
{
    private WebApplication _app = null!;

    private OllamaServer()
    {
    }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public string Address => _app.Address();

    public static async Task<OllamaServer> StartAsync()
    {
        var server = new OllamaServer();
        server._app = await LoopbackServer.StartAsync(app => app.MapPost("/api/chat", server.AnswerAsync));
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.WriteAsync(
            """
            {"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Hello from Ollama."},"done":false}
            {"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}

            """,
            context.RequestAborted);
    }
}
