using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;
using ProSaas.Api.Agents.Providers;
using ProSaas.Api.Conversations;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

/// <summary>An agent over the real chat pipeline, on fake time, with no database: the embedded answerer has one answer.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ProviderHttp _http;
    private readonly IChatClient _pipeline;
    private readonly AgentTelemetry _telemetry;
    private readonly AgentRunner _runner;

    public AgentFixture(bool recordMessages = false, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
        Provider = ProviderSettings.Read(configuration);
        var options = Options.Create(new AgentOptions { RecordMessages = recordMessages });
        _http = new ProviderHttp(Provider, options, Time);
        _pipeline = new ChatPipeline(Provider, options, Time, NullLogger<FallbackChatClient>.Instance)
            .Build(new FixedAnswerer(), _http.Client);
        _telemetry = new AgentTelemetry(_services.GetRequiredService<IMeterFactory>());
        _runner = new AgentRunner(_pipeline, Provider, options, _telemetry, Time);
        Draft = NewDraft();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-11-22T08:30:00Z", null));

    public ProviderSettings Provider { get; }

    public BusinessProfile Business { get; } = Profiles.Bakery();

    /// <summary>Of the last run.</summary>
    public ReplyDraft Draft { get; private set; }

    /// <summary>Cancelled, the customer is gone.</summary>
    public CancellationTokenSource Leave { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static AgentFixture Over(OpenAiServer server, bool recordMessages = false) =>
        new(recordMessages, [.. server.Environment.Select(variable => (variable.Name, (string?)variable.Value))]);

    /// <summary>Opens the connection to the provider, as the warmup does; no time passes.</summary>
    public Task ConnectAsync() =>
        new ProviderConnection(Provider, _http, Time, NullLogger<ProviderConnection>.Instance).OpenAsync(Leave.Token);

    /// <summary>The reply to a message, while time passes.</summary>
    public async Task<AgentReply> AskAsync(string text = "Do you deliver?")
    {
        Draft = NewDraft();
        await PassTimeAsync(_runner.RunAsync(Draft, [new ChatMessage(ChatRole.User, text)], Leave.Token));
        return Draft.ToReply();
    }

    /// <summary>As above, in parts; they are in <paramref name="parts"/> as far as they came.</summary>
    public async Task<AgentReply> StreamAsync(List<string> parts)
    {
        Draft = NewDraft();
        await PassTimeAsync(ReadAsync());
        return Draft.ToReply();

        async Task ReadAsync()
        {
            await foreach (var part in _runner.StreamAsync(Draft, [new ChatMessage(ChatRole.User, "Do you deliver?")], Leave.Token))
            {
                parts.Add(part);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        _http.Dispose();
        _telemetry.Dispose();
        Leave.Dispose();
        await _services.DisposeAsync();
    }

    private ReplyDraft NewDraft() => new(Business, AgentChannel.WhatsApp, conversationId: 5, Time);

    private async Task PassTimeAsync(Task work)
    {
        await Eventually.AdvancingAsync(Time, TimeSpan.FromMilliseconds(50), () => work.IsCompleted, "the agent is done");
        await work;
    }
}
