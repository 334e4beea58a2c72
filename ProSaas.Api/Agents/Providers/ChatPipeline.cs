using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OllamaSharp;
using OpenAI;

namespace ProSaas.Api.Agents.Providers;

/// <summary>
/// Builds the one chat pipeline that all agents share: tools, then the provider with the embedded answerer behind it,
/// each with its telemetry.
/// </summary>
internal sealed class ChatPipeline(
    ProviderSettings settings,
    IOptions<AgentOptions> options,
    TimeProvider time,
    ILogger<FallbackChatClient> logger)
{
    /// <summary>Rounds of tool calls in one reply; a model that wants more goes in circles.</summary>
    private const int MaxToolRounds = 5;

    /// <param name="answerer">The embedded one: the provider itself, or what takes over from it.</param>
    /// <param name="http">How the provider is reached.</param>
    public IChatClient Build(IChatClient answerer, HttpClient http)
    {
        var embedded = Measured(answerer);
        IChatClient client = settings.Name is ProviderSettings.Embedded
            ? embedded
            : new FallbackChatClient(Measured(Guarded(CreateProvider(http))), embedded, logger);
        return new FunctionInvokingChatClient(client) { MaximumIterationsPerRequest = MaxToolRounds };
    }

    private IChatClient CreateProvider(HttpClient client) => settings.Name switch
    {
        ProviderSettings.OpenAi => new OpenAIClient(
            new ApiKeyCredential(settings.ApiKey!),
            new OpenAIClientOptions
            {
                Endpoint = settings.Address,
                Transport = new HttpClientPipelineTransport(client),

                // The HTTP client retries.
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
            }).GetChatClient(settings.Model).AsIChatClient(),
        _ => new OllamaApiClient(client, settings.Model!),
    };

    private ProviderGuard Guarded(IChatClient provider) => new(new WellFormedChatClient(provider), options.Value.AttemptTimeout, time);

    private OpenTelemetryChatClient Measured(IChatClient client) =>
        new(client, sourceName: AgentTelemetry.Name) { EnableSensitiveData = options.Value.RecordMessages };
}
