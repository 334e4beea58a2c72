using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.Api.Budgets;
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
    ReplyBudget budget,
    TimeProvider time,
    IOptions<JsonOptions> json,
    ILogger<AgentReplies> logger)
{
    /// <summary>What wrote a text that says, in place of a reply, that there are none at the moment.</summary>
    public const string NoticeAnswerer = "notice";

    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Takes the reply of the customer's, the business's and the account's budgets, unless it is there or a person gives it. Called before
    /// the reply is asked for, where the caller can answer that there is none.
    /// </summary>
    /// <returns>What is spent, and the turn was given back; null when it may be answered.</returns>
    public async Task<SpentBudget?> SpendAsync(Turn turn, long accountId)
    {
        var spent = Spend(turn, accountId);
        if (spent is not null)
        {
            await SettleAsync(turn, isSettled: false);
        }

        return spent;
    }

    /// <summary>
    /// As <see cref="ReplyAsync"/>, within the budgets, for a channel that has no other way to say that one is spent: once in a window
    /// the reply is a notice, made without a model; after that the message is kept and not answered.
    /// </summary>
    public async Task<AgentReply?> ReplyWithinBudgetAsync(Turn turn, CancellationToken cancellationToken)
    {
        if (Spend(turn, accountId: null) is not { } spent)
        {
            return await ReplyAsync(turn, keepTurn: true, cancellationToken);
        }

        Log.BudgetSpent(logger, turn.BusinessId, turn.ConversationId, spent.Whose, spent.Limit, spent.What);
        if (!budget.MayNotify(turn.BusinessId, turn.Channel, turn.Customer))
        {
            return Silent(turn, handedOver: false);
        }

        var draft = await DraftAsync(turn, cancellationToken);
        draft.Text = StandardReplies.ComeAgain(draft.Business.SpeaksHebrew(turn.Text), spent.RetryAfter);
        draft.Answerer = NoticeAnswerer;
        var stored = await turns.CompleteAsync(turn, draft.ToReply(), keepTurn: true, cancellationToken);
        budget.RecordNotice(turn.BusinessId, turn.Channel, turn.Customer);
        return stored;
    }

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
                return Silent(turn, handedOver: true);
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

    private SpentBudget? Spend(Turn turn, long? accountId) => turn.Reply is not null || turn.IsHandedOver
        ? null
        : budget.Take(turn.BusinessId, turn.Channel, turn.Customer, accountId);

    private static AgentReply Silent(Turn turn, bool handedOver) => new(
        turn.ConversationId, turn.MessageId, Text: null, Answerer: null, FaqEntryId: null, IsFallback: false, MessageTaken: false,
        handedOver);

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
