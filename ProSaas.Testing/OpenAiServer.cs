using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ProSaas.Testing;

/// <summary>A call that the server took.</summary>
public sealed record OpenAiCall(string? Authorization, JsonElement Body)
{
    public bool Streams => Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    /// <summary>What the message with this role says; the last one of them.</summary>
    public string? Says(string role) => Body.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").GetString() == role)
        .Select(message => message.GetProperty("content").ToString())
        .LastOrDefault();
}

/// <summary>Speaks OpenAI's chat completions, streaming included, as well or badly as a test wants.</summary>
public sealed class OpenAiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<OpenAiCall> _calls = new();
    private readonly ConcurrentQueue<Func<HttpContext, OpenAiCall, Task>> _next = new();
    private int _connections;
    private int _leavers;

    private WebApplication _app = null!;

    private OpenAiServer()
    {
    }

    public string Address => $"{_app.Address()}/v1";

    public IReadOnlyList<OpenAiCall> Calls => [.. _calls];

    /// <summary>How often it was asked what costs nothing.</summary>
    public int Connections => _connections;

    /// <summary>Calls whose client went before they were answered.</summary>
    public int Leavers => _leavers;

    /// <summary>How long the last call with a customer's message took here, in milliseconds.</summary>
    public ConcurrentDictionary<string, double> Milliseconds { get; } = new(StringComparer.Ordinal);

    /// <summary>How long it takes for an answer at the least.</summary>
    public Func<TimeSpan> Delay { get; init; } = () => TimeSpan.Zero;

    /// <summary>What it says when no other behaviour is due.</summary>
    public string Text { get; set; } = "Hello from the model.";

    /// <summary>The settings that make an API use this server.</summary>
    public (string Name, string Value)[] Environment =>
        [("OPENAI_API_KEY", "key-of-the-tests"), ("OPENAI_BASE_URL", Address), ("OPENAI_MODEL", "model-of-the-tests")];

    /// <param name="delay">How long it takes for an answer at the least; nothing when null.</param>
    public static async Task<OpenAiServer> StartAsync(Func<TimeSpan>? delay = null)
    {
        var server = new OpenAiServer { Delay = delay ?? (() => TimeSpan.Zero) };
        server._app = await LoopbackServer.StartAsync(app =>
        {
            app.MapGet("/v1/models", () =>
            {
                Interlocked.Increment(ref server._connections);
                return Results.Json(new { data = Array.Empty<object>() });
            });
            app.MapPost("/v1/chat/completions", server.AnswerAsync);
        });
        return server;
    }

    /// <summary>Forgets what it was asked and told, for the next test.</summary>
    public void Forget()
    {
        _calls.Clear();
        _next.Clear();
        _leavers = 0;
        Text = "Hello from the model.";
    }

    /// <summary>How the next calls are answered, one each.</summary>
    public OpenAiServer Next(params Func<HttpContext, OpenAiCall, Task>[] behaviours)
    {
        foreach (var behaviour in behaviours)
        {
            _next.Enqueue(behaviour);
        }

        return this;
    }

    public static Func<HttpContext, OpenAiCall, Task> Says(string text) => (context, call) => SayAsync(context, call, text);

    public static Func<HttpContext, OpenAiCall, Task> Fails(
        int status, string? retryAfter = null, string body = """{"error":{"message":"no"}}""") => async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body, context.RequestAborted);
    };

    public static Func<HttpContext, OpenAiCall, Task> Garbage(string body) => async (context, call) =>
    {
        context.Response.ContentType = call.Streams ? "text/event-stream" : "application/json";
        await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>Says a part, and then nothing more until the client goes.</summary>
    public static Func<HttpContext, OpenAiCall, Task> Hangs(string? text = null) => async (context, _) =>
    {
        if (text is not null)
        {
            await StreamAsync(context, Delta(text));
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
    };

    /// <summary>Says a part, waits for the test, and goes on.</summary>
    public static Func<HttpContext, OpenAiCall, Task> Waits(string first, Task release, string rest) => async (context, _) =>
    {
        await StreamAsync(context, Delta(first));
        await release.WaitAsync(context.RequestAborted);
        await StreamAsync(context, [.. Delta(rest), .. End()]);
    };

    /// <summary>Says a part, waits for the test, and breaks the stream off, or ends it in order without the end of the answer.</summary>
    public static Func<HttpContext, OpenAiCall, Task> CutsOff(string text, Task release, bool inOrder) => async (context, _) =>
    {
        await StreamAsync(context, Delta(text));
        await release.WaitAsync(context.RequestAborted);
        if (!inOrder)
        {
            context.Abort();
        }
    };

    public static Func<HttpContext, OpenAiCall, Task> CallsTool(string name, string arguments = "{}") => async (context, call) =>
    {
        object toolCall = new { index = 0, id = "call_1", type = "function", function = new { name, arguments } };
        if (call.Streams)
        {
            await StreamAsync(
                context, [Chunk(new { role = "assistant", tool_calls = new[] { toolCall } }), Chunk(new { }, "tool_calls"), "[DONE]"]);
            return;
        }

        await context.Response.WriteAsJsonAsync(
            Completion(new { role = "assistant", content = (string?)null, tool_calls = new[] { toolCall } }, "tool_calls"),
            context.RequestAborted);
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Says as much as the ceiling on its output lets it.</summary>
    public static Func<HttpContext, OpenAiCall, Task> IsCutShort(string text) => async (context, call) =>
    {
        if (call.Streams)
        {
            await StreamAsync(context, [.. Delta(text), Chunk(new { }, "length"), "[DONE]"]);
            return;
        }

        await context.Response.WriteAsJsonAsync(
            Completion(new { role = "assistant", content = text }, "length"), context.RequestAborted);
    };

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var call = new OpenAiCall(context.Request.Headers.Authorization, body.RootElement.Clone());
        _calls.Enqueue(call);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (Delay() is var delay && delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, context.RequestAborted);
            }

            await (_next.TryDequeue(out var behaviour) ? behaviour(context, call) : SayAsync(context, call, Text));
            Milliseconds[call.Says("user") ?? ""] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _leavers);
        }
    }

    private static Task SayAsync(HttpContext context, OpenAiCall call, string text) => call.Streams
        ? StreamAsync(context, [.. Delta(text), .. End()])
        : context.Response.WriteAsJsonAsync(Completion(new { role = "assistant", content = text }, "stop"), context.RequestAborted);

    /// <summary>A word at a time, after the role, as the model does.</summary>
    private static string[] Delta(string text) =>
        [Chunk(new { role = "assistant", content = "" }), .. text.Split(' ')
            .Select((word, index) => Chunk(new { content = index is 0 ? word : $" {word}" }))];

    private static string[] End() =>
        [
            Chunk(new { }, "stop"),
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"""
                + """ "usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""",
            "[DONE]",
        ];

    private static string Chunk(object delta, string? finish = null) => JsonSerializer.Serialize(new
    {
        id = "c",
        @object = "chat.completion.chunk",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    });

    private static object Completion(object message, string finish) => new
    {
        id = "c",
        @object = "chat.completion",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, message, finish_reason = finish } },
        usage = new { prompt_tokens = 11, completion_tokens = 7, total_tokens = 18 },
    };

    private static async Task StreamAsync(HttpContext context, string[] events)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        foreach (var data in events)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"data: {data}\n\n"), context.RequestAborted);
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
