namespace ProSaas.Api.Conversations;

/// <summary>What the database said when a message's turn was asked for.</summary>
internal sealed record TurnLook(bool IsActive, bool IsChannelOn, long AgentVersion)
{
    /// <summary>Key of the message; null when it was not stored.</summary>
    public long? MessageId { get; init; }

    public long ConversationId { get; init; }

    /// <summary>Whether the message with this key is the one that came now.</summary>
    public bool IsSame { get; init; }

    /// <summary>The turn's token; null when it was not taken.</summary>
    public long? FencingToken { get; init; }

    public bool IsHandedOver { get; init; }

    public IReadOnlyList<StoredMessage> History { get; init; } = [];

    public StoredReply? Reply { get; init; }

    /// <summary>The end of the request for a turn; null when it goes on waiting.</summary>
    public TurnStart? Decide(CustomerMessage message) => this switch
    {
        { MessageId: not null, IsSame: false } => new TurnStart.KeyReused(),
        { Reply: { } reply } => new TurnStart.AlreadyAnswered(reply),
        { FencingToken: { } token } => new TurnStart.Started(new Turn(
            message.BusinessId, message.Channel, ConversationId, MessageId!.Value, token, AgentVersion, IsHandedOver, History, message.Text)),
        { IsActive: false } => new TurnStart.BusinessInactive(),
        { IsChannelOn: false } => new TurnStart.ChannelDisabled(),
        { MessageId: null } => new TurnStart.ConversationUnknown(),
        _ => null,
    };
}
