using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.Api.Conversations;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// Answers a customer's turn. Whatever happens, the turn is completed or given back, so that the customer's next message does
/// not wait until its lease runs out.
/// </summary>
internal sealed class AgentReplies(
    ConversationTurns turns,
    ProfileCache profiles,
    AgentRunner runner,
    TimeProvider time,
    IOptions<JsonOptions> json,
    ILogger<AgentReplies> logger)
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The whole reply, stored; one without text where a person has the conversation. Null when the turn's lease was lost meanwhile.
    /// </summary>
    /// <param name="keepTurn">Whether the turn stays open, for the reply's delivery; the caller
    /// releases it, also after an exception.</param>
    public async Task<AgentReply?> ReplyAsync(Turn turn, bool keepTurn, CancellationToken cancellationToken)
    {
        var isSettled = keepTurn;
        try
        {
            if (turn.Reply is { } earlier)
            {
                return earlier;
            }

            if (turn.IsHandedOver)
            {
                return LeftToPerson(turn);
            }

            var draft = await DraftAsync(turn, cancellationToken);
            await runner.RunAsync(draft, Messages(turn), cancellationToken);
            var stored = await turns.CompleteAsync(turn, draft.ToReply(), keepTurn, cancellationToken);
            isSettled = true;
            return stored;
        }
        finally
        {
            await SettleAsync(turn, isSettled);
        }
    }

    /// <summary>
    /// The reply as events: <c>delta</c> for each part, then <c>reply</c> with the stored whole; or <c>error</c> when it broke off
    /// after its first part. What fails before that is thrown, so that it is answered with a status.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> StreamAsync(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isSettled = false;
        try
        {
            var draft = await DraftAsync(turn, cancellationToken);
            await using var parts = runner.StreamAsync(draft, Messages(turn), cancellationToken).GetAsyncEnumerator(cancellationToken);
            var hasBegun = false;
            while (await FalseIfBrokenOffAsync(() => parts.MoveNextAsync().AsTask(), hasBegun, cancellationToken))
            {
                hasBegun = true;
                yield return Event("delta", new MessageDelta(parts.Current));
            }

            if (draft.Text is null)
            {
                yield return Event("error", MessageProblems.Interrupted());
                yield break;
            }

            AgentReply? stored = null;
            var failed = MessageProblems.Interrupted();
            isSettled = await FalseIfBrokenOffAsync(
                async () =>
                {
                    try
                    {
                        stored = await turns.CompleteAsync(turn, draft.ToReply(), keepTurn: false, cancellationToken);
                        return true;
                    }
                    catch (CommitOutcomeUnknownException)
                    {
                        failed = MessageProblems.OutcomeUnknown();
                        throw;
                    }
                },
                hasBegun: true,
                cancellationToken);
            yield return stored is not null ? Event("reply", stored)
                : Event("error", isSettled ? MessageProblems.OvertakenDetails() : failed);
        }
        finally
        {
            await SettleAsync(turn, isSettled);
        }
    }

    /// <summary>As a stream, a reply that is there.</summary>
    public async IAsyncEnumerable<SseItem<string>> StreamAsync(AgentReply reply)
    {
        await Task.CompletedTask;
        yield return Event("reply", reply);
    }

    private async Task<ReplyDraft> DraftAsync(Turn turn, CancellationToken cancellationToken)
    {
        var profile = await profiles.GetAsync(turn.BusinessId, turn.AgentVersion, cancellationToken)
            ?? throw new InvalidOperationException(
                $"Business {turn.BusinessId} is gone, and its conversation {turn.ConversationId} with it.");
        return new ReplyDraft(profile, turn.Channel, turn.ConversationId, time);
    }

    private static AgentReply LeftToPerson(Turn turn) => new(
        turn.ConversationId, turn.MessageId, Text: null, Answerer: null, FaqEntryId: null, IsFallback: false, MessageTaken: false,
        HandedOver: true);

    private static List<ChatMessage> Messages(Turn turn) =>
    [
        .. turn.History.Select(message =>
            new ChatMessage(message.Role is MessageRole.Customer ? ChatRole.User : ChatRole.Assistant, message.Text)),
        new ChatMessage(ChatRole.User, turn.Text),
    ];

    /// <summary>False also when it fails after the reply has begun: then only an event can say so.</summary>
    private async Task<bool> FalseIfBrokenOffAsync(Func<Task<bool>> act, bool hasBegun, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (Exception failure) when (hasBegun && !cancellationToken.IsCancellationRequested)
        {
            Log.BrokeOff(logger, failure);
            return false;
        }
    }

    private async Task SettleAsync(Turn turn, bool isSettled)
    {
        if (isSettled)
        {
            return;
        }

        try
        {
            // Also when the client has gone.
            using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
            await turns.ReleaseAsync(turn, alongside: null, timeout.Token);
        }
        catch (Exception failure)
        {
            // Its lease ends by itself.
            Log.NotReleased(logger, turn.ConversationId, failure);
        }
    }

    private SseItem<string> Event(string type, object data) => new(JsonSerializer.Serialize(data, json.Value.SerializerOptions), type);
}
