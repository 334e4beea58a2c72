namespace ProSaas.Api.Conversations;

/// <summary>What became of a customer's message: one of the three is there.</summary>
/// <param name="Turn">It is this caller's to answer.</param>
/// <param name="Reply">It came before and has its reply, which stays the same.</param>
/// <param name="Refusal">Why there is neither.</param>
internal sealed record TurnStart(Turn? Turn = null, AgentReply? Reply = null, TurnRefusal? Refusal = null);

/// <summary>Why a customer's message is not answered.</summary>
internal enum TurnRefusal
{
    /// <summary>There is no such business.</summary>
    BusinessUnknown,

    /// <summary>The customer has no such conversation with the business on this channel; it may be another one's.</summary>
    ConversationUnknown,

    /// <summary>The business does not use the channel.</summary>
    ChannelDisabled,

    /// <summary>The business is not active.</summary>
    BusinessInactive,

    /// <summary>Another message came with this key before.</summary>
    KeyReused,

    /// <summary>
    /// The messages before it, or another request with its key, took longer than <see cref="ConversationOptions.WaitTimeout"/>.
    /// It is kept and answered when it comes again.
    /// </summary>
    Busy,

    /// <summary>As many messages of the conversation wait as may (<see cref="ConversationTurns.MostWaiting"/>). It was not kept.</summary>
    QueueFull,
}
