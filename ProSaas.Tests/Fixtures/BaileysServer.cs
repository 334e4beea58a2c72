using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProSaas.Tests.Fixtures;

/// <summary>A session as the WhatsApp service tells it.</summary>
internal sealed record BaileysSession(
    long Business, string State, string? Reason = null, string? Phone = null, string? Qr = null, int Attempts = 0)
{
    public static readonly DateTimeOffset Began = new(2026, 1, 15, 8, 30, 0, TimeSpan.Zero);

    public DateTimeOffset Since { get; } = Began;
}

/// <summary>A message that the API delivered.</summary>
internal sealed record DeliveredMessage(long Business, string To, string Text, string MessageId);

/// <summary>Plays the WhatsApp service over HTTP, as well or badly as a test wants; it can die and come back where it was.</summary>
internal sealed class BaileysServer : IAsyncDisposable
{
    public const string Secret = "secret-of-the-tests";

    private readonly int _port = FreePorts.Next();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<DeliveredMessage> _taken = new();
    private readonly ConcurrentQueue<(long Business, string Customer)> _erased = new();
    private WebApplication? _app;

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>The settings that make an API use this server.</summary>
    public (string Name, string Value)[] Environment => [("BAILEYS_HTTP", $"http://127.0.0.1:{_port}"), ("BAILEYS_SECRET", Secret)];

    public ConcurrentDictionary<long, BaileysSession> Sessions { get; } = new();

    /// <summary>What it was asked for, but for its health.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>The messages that it took, in order.</summary>
    public IReadOnlyList<DeliveredMessage> Taken => [.. _taken];

    /// <summary>The customers whose texts it was to remove.</summary>
    public IReadOnlyList<(long Business, string Customer)> Erased => [.. _erased];

    /// <summary>How it answers everything, instead of what it does by itself.</summary>
    public RequestDelegate? Always { get; set; }

    public static RequestDelegate Hangs { get; } = context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

    public static RequestDelegate Answers(int status, string body = "") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    public static async Task<BaileysServer> StartAsync()
    {
        var server = new BaileysServer();
        await server.ReturnAsync();
        return server;
    }

    public async Task ReturnAsync() => _app = await LoopbackServer.StartAsync(
        app => app.Run(context =>
        {
            if (context.Request.Path != "/healthz")
            {
                _calls.Enqueue($"{context.Request.Method} {context.Request.Path}");
            }

            return (Always ?? AnswerAsync)(context);
        }),
        _port);

    /// <summary>As when its process is killed: open connections break, new ones are refused.</summary>
    public async Task DieAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app!.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Forgets what it was told and asked, for the next test.</summary>
    public void Forget()
    {
        Always = null;
        Sessions.Clear();
        _calls.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await DieAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/healthz")
        {
            return context.Response.WriteAsJsonAsync(new { status = "ok", service = "baileys" }, context.RequestAborted);
        }

        if (context.Request.Headers.Authorization != $"Bearer {Secret}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var business = long.Parse(path[1], CultureInfo.InvariantCulture);
        var session = Sessions.GetValueOrDefault(business);
        switch ((context.Request.Method, path.Length))
        {
            case ("GET", 2) when session is not null:
                return context.Response.WriteAsJsonAsync(session, context.RequestAborted);
            case ("POST", 2):
            case ("POST", 3) when session is not null && path[2] is "restart":
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return context.Response.WriteAsJsonAsync(Sessions[business] = new(business, "connecting"), context.RequestAborted);
            case ("POST", 3) when path[2] is "erasures":
                return EraseAsync(context, business);
            case ("DELETE", 3) when path[2] is "refused":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case ("POST", 3) when path[2] is "messages":
                return TakeAsync(context, business);
            case ("DELETE", 2) when Sessions.TryRemove(business, out _):
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private async Task EraseAsync(HttpContext context, long business)
    {
        var body = (await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)).RootElement;
        foreach (var customer in body.GetProperty("customers").EnumerateArray())
        {
            _erased.Enqueue((business, customer.GetString()!));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task TakeAsync(HttpContext context, long business)
    {
        var message = (await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)).RootElement;
        var id = message.GetProperty("messageId").GetString()!;
        _taken.Enqueue(new(business, message.GetProperty("to").GetString()!, message.GetProperty("text").GetString()!, id));
        await context.Response.WriteAsJsonAsync(new { messageId = id }, context.RequestAborted);
    }
}
