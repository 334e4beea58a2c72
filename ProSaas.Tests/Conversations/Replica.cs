using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using ProSaas.Api.Conversations;
using ProSaas.Api.Startup;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Conversations;

/// <summary>The conversations as one replica of the API has them, over a seeded database. Two of them share nothing else.</summary>
internal sealed class Replica : IAsyncDisposable
{
    public const long Business = 1;

    public Replica(string owner, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Development" });
        builder.Configuration["ConnectionStrings:prosaasdb"] = Database.AsApp(owner);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[$"Conversations:{key}"] = value;
        }

        builder.Logging.AddProvider(new FakeLoggerProvider(Log));
        builder.AddDatabase();
        builder.AddConversations();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<SchemaGateState>();
        Host = builder.Build();
    }

    public IHost Host { get; }

    public FakeLogCollector Log { get; } = new();

    public ConversationTurns Turns => Host.Services.GetRequiredService<ConversationTurns>();

    public static CustomerMessage Message(
        string text,
        string? key = null,
        string customer = "+972501234567",
        long? conversation = null,
        long business = Business,
        AgentChannel channel = AgentChannel.WhatsApp) =>
        new(business, channel, customer, conversation, text, key);

    public static AgentReply Reply(Turn turn, string text, string? ownerMessage = null, bool handOver = false) =>
        new(turn.ConversationId, MessageId: 0, text, "embedded", FaqEntryId: null, IsFallback: false, ownerMessage is not null, handOver)
        {
            OwnerMessage = ownerMessage,
            InputTokens = 7,
            OutputTokens = 3,
        };

    public Task<TurnStart> BeginAsync(CustomerMessage message) => Turns.BeginAsync(message, TestContext.Current.CancellationToken);

    public async Task<Turn> StartAsync(CustomerMessage message) => (await BeginAsync(message)).Turn.ShouldNotBeNull();

    public Task<AgentReply?> CompleteAsync(Turn turn, string text) => CompleteAsync(turn, Reply(turn, text));

    public Task<AgentReply?> CompleteAsync(Turn turn, AgentReply reply) =>
        Turns.CompleteAsync(turn, reply, keepTurn: false, TestContext.Current.CancellationToken);

    public Task ReleaseAsync(Turn turn) => Turns.ReleaseAsync(turn, alongside: null, TestContext.Current.CancellationToken);

    public async Task<Turn> AnswerAsync(CustomerMessage message, string reply)
    {
        var turn = await StartAsync(message);
        (await CompleteAsync(turn, reply)).ShouldNotBeNull();
        return turn;
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }
}
