using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents.Providers;
using ProSaas.Api.Conversations;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// Goes the way of a reply before the first customer does, so that none of it runs for the first time then. Nothing of it lasts
/// or costs: it is about a business that does not exist, so the statements find nothing to change, and this process itself
/// answers for the provider.
/// </summary>
internal sealed class ReplyWarmup(
    ChatPipeline pipeline,
    EmbeddedAnswerer embedded,
    ProviderSettings provider,
    IOptions<AgentOptions> options,
    ConversationTurns turns,
    AgentTelemetry telemetry,
    TimeProvider time,
    ILogger<ReplyWarmup> logger)
{
    private const string Line = "warmup";
    private const AgentChannel Channel = AgentChannel.WhatsApp;

    private static readonly BusinessProfile Nobody = new()
    {
        Id = long.MaxValue,
        Version = 0,
        Name = Line,
        BusinessType = Line,
        Language = Business.DefaultLanguage,
        TimeZone = Business.DefaultTimeZone,
        OpeningHours = new OpeningHours([new OpeningPeriod(DayOfWeek.Monday, new TimeOnly(9, 0), new TimeOnly(17, 0))]),
        Greeting = Utf8Text.Of(Line),
        SystemPrompt = Utf8Text.Of(Line),
    };

    /// <summary>Never fails the start: the first customer's reply is then the first.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient(new WarmupProvider()) { BaseAddress = provider.Address };

            // Not disposed: the metrics of a disposed pipeline end, and with them those of all pipelines, which have the same names.
            var runner = new AgentRunner(pipeline.Build(embedded, http), provider, options, telemetry, time);
            await ReplyAsync(runner, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ReplyWarmupFailed(logger, failure);
        }
    }

    private async Task ReplyAsync(AgentRunner runner, CancellationToken cancellationToken)
    {
        await turns.BeginAsync(
            new CustomerMessage(Nobody.Id, Channel, Line, ConversationId: null, Line, IdempotencyKey: null), cancellationToken);

        ChatMessage[] messages = [new(ChatRole.Assistant, Line), new(ChatRole.User, Line)];
        await runner.RunAsync(NewDraft(), messages, cancellationToken);
        var draft = NewDraft();
        await foreach (var part in runner.StreamAsync(draft, messages, cancellationToken))
        {
            draft.HasSentText |= part.Length > 0;
        }

        // A turn that nobody was given: it writes nothing.
        var turn = new Turn(
            Nobody.Id, Channel, Line, ConversationId: long.MaxValue, MessageId: long.MaxValue,
            FencingToken: -1, AgentVersion: 0, IsHandedOver: false, History: [], Line);
        await turns.CompleteAsync(turn, draft.ToReply(), keepTurn: false, cancellationToken);
        await turns.ReleaseAsync(turn, alongside: null, cancellationToken);
    }

    private ReplyDraft NewDraft() => new(Nobody, Channel, conversationId: null, time);
}
