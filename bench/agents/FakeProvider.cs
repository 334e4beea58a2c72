using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProSaas.Bench.Agents;

/// <summary>Speaks the provider's protocol, takes about as long as it is told, and notes how long each answer really took it.</summary>
internal sealed class FakeProvider(WebApplication app, int port) : IAsyncDisposable
{
    private static readonly byte[] Answer = JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = "c",
        @object = "chat.completion",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, message = new { role = "assistant", content = "We are open until seven." }, finish_reason = "stop" } },
        usage = new { prompt_tokens = 11, completion_tokens = 7, total_tokens = 18 },
    });

    public ConcurrentDictionary<string, double> Milliseconds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["OPENAI_API_KEY"] = "key-of-the-bench",
        ["OPENAI_BASE_URL"] = $"http://127.0.0.1:{port}/v1",
    };

    public static async Task<FakeProvider> StartAsync(TimeSpan shortest, TimeSpan longest, CancellationToken cancellationToken)
    {
        var port = ChildProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        var provider = new FakeProvider(app, port);
        app.MapGet("/v1/models", () => "{}");
        app.MapPost("/v1/chat/completions", context => provider.AnswerAsync(context, shortest + ((longest - shortest) * Random.Shared.NextDouble())));
        await app.StartAsync(cancellationToken);
        return provider;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, TimeSpan delay)
    {
        var started = Stopwatch.GetTimestamp();
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, TimeProvider.System, context.RequestAborted);
        }

        var content = body.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
        var question = content.ValueKind is JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
        Milliseconds[question] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
