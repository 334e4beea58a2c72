using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Tests.WhatsApp;

/// <summary>A message that the API handed over.</summary>
internal sealed record HandedOver(long Business, string To, string Text, string MessageId);

/// <summary>Plays the WhatsApp service: takes messages as well or badly as a test wants.</summary>
internal sealed class WhatsAppServer : IAsyncDisposable
{
    public const string Secret = "the-secret-of-the-tests";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<HandedOver> _taken = new();
    private int _calls;

    private WhatsAppServer(WebApplication app)
    {
        _app = app;
        app.MapPost("/sessions/{business:long}/messages", TakeAsync);
    }

    /// <summary>The settings that make an API use this server.</summary>
    public (string Name, string Value)[] Environment =>
        [("BAILEYS_HTTP", _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), ("BAILEYS_SECRET", Secret)];

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<HandedOver> Taken => [.. _taken];

    /// <summary>What it was asked for, taken or not.</summary>
    public int Calls => _calls;

    /// <summary>How it answers; null for taking what comes.</summary>
    public Func<HttpContext, Task>? Refuses { get; set; }

    public static async Task<WhatsAppServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new WhatsAppServer(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        context.Request.Headers.Authorization.ToString().ShouldBe($"Bearer {Secret}");
        if (Refuses is { } refuse)
        {
            await refuse(context);
            return;
        }

        var body = (await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)).RootElement;
        _taken.Enqueue(new(
            long.Parse((string)context.Request.RouteValues["business"]!, CultureInfo.InvariantCulture),
            body.GetProperty("to").GetString()!,
            body.GetProperty("text").GetString()!,
            body.GetProperty("messageId").GetString()!));
        await context.Response.WriteAsJsonAsync(new { messageId = body.GetProperty("messageId").GetString() }, context.RequestAborted);
    }
}
