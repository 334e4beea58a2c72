using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.Api.Conversations;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// Answers a customer's turn. Whatever happens, the turn is completed or given back, so that the customer's next message does
/// not wait until its lease runs out.
/// </summary>
internal sealed class CustomerReplies(
    ConversationTurns turns, AgentSource agents, AgentRunner runner, TimeProvider time, IOptions<JsonOptions> json, ILogger<CustomerReplies> logger)
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    /// <summary>The whole answer, stored; null when the turn's lease was lost meanwhile.</summary>
    public async Task<ReplyResponse?> AnswerAsync(Turn turn, CancellationToken cancellationToken)
    {
        var isSettled = false;
        try
        {
            var agent = await FindAgentAsync(turn, cancellationToken);
            var draft = new ReplyDraft(agent.Business, time);
            var answer = await runner.RunAsync(agent, turn.ConversationId, Messages(turn), draft, cancellationToken);
            var stored = await turns.CompleteAsync(turn, Reply(answer, draft), cancellationToken);
            isSettled = true;
            return stored is null ? null : ReplyResponse.Of(stored);
        }
        finally
        {
            await SettleAsync(turn, isSettled);
        }
    }

    /// <summary>
    /// The answer as events: <c>delta</c> for each part, then <c>reply</c> with the stored whole; or <c>error</c> when it broke off
    /// after its first part. What fails before that is thrown, so that it is answered with a status.
    /// </summary>
    public async IAsyncEnumerable<SseItem<string>> StreamAsync(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isSettled = false;
        try
        {
            var agent = await FindAgentAsync(turn, cancellationToken);
            var draft = new ReplyDraft(agent.Business, time);
            AgentAnswer? answer = null;
            await using var parts = runner.StreamAsync(agent, turn.ConversationId, Messages(turn), draft, whole => answer = whole, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var hasBegun = false;
            while (await OrNothingIfBegunAsync(() => parts.MoveNextAsync().AsTask(), hasBegun, cancellationToken))
            {
                hasBegun = true;
                yield return Event("delta", new MessageDelta(parts.Current));
            }

            if (answer is null)
            {
                yield return Event("error", MessageProblems.Interrupted());
                yield break;
            }

            StoredReply? stored = null;
            var isAsked = await OrNothingIfBegunAsync(
                async () =>
                {
                    stored = await turns.CompleteAsync(turn, Reply(answer, draft), cancellationToken);
                    return true;
                },
                hasBegun: true,
                cancellationToken);
            isSettled = isAsked;
            yield return stored is not null ? Event("reply", ReplyResponse.Of(stored))
                : Event("error", isAsked ? MessageProblems.OvertakenDetails() : MessageProblems.Interrupted());
        }
        finally
        {
            await SettleAsync(turn, isSettled);
        }
    }

    /// <summary>The message is kept for the person who has the conversation; the agent says nothing.</summary>
    public async Task<ReplyResponse> LeaveToPersonAsync(Turn turn)
    {
        await SettleAsync(turn, isSettled: false);
        return ReplyResponse.LeftToPerson(turn);
    }

    /// <summary>As a stream, what needs no answer or has one.</summary>
    public async IAsyncEnumerable<SseItem<string>> TellAsync(ReplyResponse response)
    {
        await Task.CompletedTask;
        yield return Event("reply", response);
    }

    private async Task<BusinessAgent> FindAgentAsync(Turn turn, CancellationToken cancellationToken)
        => await agents.GetAsync(turn.BusinessId, turn.Channel, turn.AgentVersion, cancellationToken)
            ?? throw new InvalidOperationException($"Business {turn.BusinessId} is gone, and its conversation {turn.ConversationId} with it.");

    private static List<ChatMessage> Messages(Turn turn) =>
    [
        .. turn.History.Select(message => new ChatMessage(message.Role is MessageRole.Customer ? ChatRole.User : ChatRole.Assistant, message.Text)),
        new ChatMessage(ChatRole.User, turn.Text),
    ];

    internal static AgentReply Reply(AgentAnswer answer, ReplyDraft draft) => new(
        answer.Text,
        answer.Answerer,
        answer.FaqEntryId,
        draft.FallbackReason is not null,
        (int?)answer.InputTokens,
        (int?)answer.OutputTokens,
        draft.TakenMessage,
        draft.HandOver);

    /// <summary>False also when it fails after the answer has begun: then only an event can say so.</summary>
    private async Task<bool> OrNothingIfBegunAsync(Func<Task<bool>> act, bool hasBegun, CancellationToken cancellationToken)
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
            using var limit = new CancellationTokenSource(ReleaseLimit, time);
            await turns.ReleaseAsync(turn, limit.Token);
        }
        catch (Exception failure)
        {
            // Its lease ends by itself.
            Log.NotReleased(logger, turn.ConversationId, failure);
        }
    }

    private SseItem<string> Event(string type, object data) => new(JsonSerializer.Serialize(data, json.Value.SerializerOptions), type);
}
