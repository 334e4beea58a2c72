using ProSaas.Api.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>How other channels have a customer's message answered.</summary>
public sealed class CustomerAgents
{
    private readonly ConversationTurns _turns;
    private readonly CustomerReplies _replies;

    internal CustomerAgents(ConversationTurns turns, CustomerReplies replies) => (_turns, _replies) = (turns, replies);

    /// <summary>Stores the message unless it is there, waits for its turn and answers it, once: with the same key the answer stays the same.</summary>
    /// <exception cref="ArgumentException">A member of the message is out of its range.</exception>
    public async Task<CustomerAnswer> AnswerAsync(CustomerMessage message, CancellationToken ct)
    {
        switch (await _turns.BeginAsync(message, ct))
        {
            case TurnStart.Started { Turn: { IsHandedOver: true } turn }:
                await _replies.LeaveToPersonAsync(turn);
                return new(AnswerOutcome.Silent);
            case TurnStart.Started { Turn: var turn }:
                return await _replies.AnswerAsync(turn, ct) is { Text: { } answer } ? new(AnswerOutcome.Answered, answer) : new(AnswerOutcome.Later);
            case TurnStart.AlreadyAnswered { Reply.Text: var text }:
                return new(AnswerOutcome.Answered, text);
            case TurnStart.Busy:
                return new(AnswerOutcome.Later);
            default:
                return new(AnswerOutcome.Silent);
        }
    }
}

/// <summary>What an agent made of a customer's message.</summary>
/// <param name="Text">The answer; null where there is none.</param>
public sealed record CustomerAnswer(AnswerOutcome Outcome, string? Text = null);

/// <summary>Whether there is an answer.</summary>
public enum AnswerOutcome
{
    /// <summary>There is.</summary>
    Answered,

    /// <summary>There is none and will be none: a person has the conversation, or the business has switched its agent off.</summary>
    Silent,

    /// <summary>Not yet: the messages before it take longer. It is kept, and answered when it comes again.</summary>
    Later,
}
