using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Testing;

/// <summary>Speaks Ollama's chat, which is a line of JSON a part, and says one thing.</summary>
public sealed class OllamaServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OllamaServer(WebApplication app)
    {
        _app = app;
        app.MapPost("/api/chat", async context =>
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
        });
    }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<OllamaServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new OllamaServer(app);
        await app.StartAsync(TestRun.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
