namespace ProSaas.Api.Conversations;

/// <summary>What became of a customer's message that was to be stored.</summary>
internal enum StoreOutcome
{
    /// <summary>It is in the database, perhaps since before.</summary>
    Stored,

    /// <summary>
    /// As many messages of the conversation wait as may (<see cref="ConversationTurns.MostWaiting"/>). A message that came to stay is in
    /// the conversation, without a place in its queue and so without a reply of its own; one that a request waits for was not stored.
    /// </summary>
    QueueFull,

    /// <summary>There is no such business.</summary>
    BusinessUnknown,

    /// <summary>The business is not active or does not use the channel; nothing was stored.</summary>
    ChannelOff,
}
