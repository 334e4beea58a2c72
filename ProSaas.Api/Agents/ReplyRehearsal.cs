using Microsoft.Extensions.AI;
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
internal sealed class ReplyRehearsal(
    ChatPipeline pipeline, EmbeddedAnswerer embedded, ProviderSettings provider, ConversationTurns turns, AgentRunner runner, TimeProvider time, ILogger<ReplyRehearsal> logger)
{
    private const string Line = "rehearsal";

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

    /// <summary>Never fails the start: whoever comes first then rehearses.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient(new UnderstudyProvider()) { BaseAddress = provider.Address };

            // Not disposed: the metrics of a disposed pipeline end, and with them those of all pipelines, which have the same names.
            var client = pipeline.Build(embedded, http);
            var agent = new AgentFactory(client, time).Create(Nobody, AgentChannel.WhatsApp);
            await RehearseAsync(agent, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.RehearsalFailed(logger, failure);
        }
    }

    private async Task RehearseAsync(BusinessAgent agent, CancellationToken cancellationToken)
    {
        await turns.BeginAsync(new CustomerMessage(Nobody.Id, agent.Channel, Line, ConversationId: null, Line, IdempotencyKey: null), cancellationToken);

        ChatMessage[] messages = [new(ChatRole.Assistant, Line), new(ChatRole.User, Line)];
        var draft = new ReplyDraft(Nobody, time);
        var answer = await runner.RunAsync(agent, conversation: null, messages, draft, cancellationToken);
        await foreach (var part in runner.StreamAsync(agent, conversation: null, messages, new ReplyDraft(Nobody, time), _ => { }, cancellationToken))
        {
            draft.HasSentText |= part.Length > 0;
        }

        // A turn that nobody was given: it writes nothing.
        var turn = new Turn(Nobody.Id, agent.Channel, ConversationId: long.MaxValue, MessageId: long.MaxValue, FencingToken: -1, AgentVersion: 0, IsHandedOver: false, History: [], Line);
        await turns.CompleteAsync(turn, CustomerReplies.Reply(answer, draft), cancellationToken);
        await turns.ReleaseAsync(turn, cancellationToken);
    }
}
