namespace ProSaas.Api.Conversations;

/// <summary>What became of a customer's message that was to be stored.</summary>
internal enum StoreOutcome
{
    /// <summary>It is in the database, perhaps since before.</summary>
    Stored,

    /// <summary>There is no such business.</summary>
    BusinessUnknown,

    /// <summary>The business is not active or does not use the channel; nothing was stored.</summary>
    ChannelOff,
}
