namespace ProSaas.Api.Conversations;

/// <summary>What the database says when a message's turn is asked for; the members' names stand in <see cref="TurnSql.Take"/>.</summary>
/// <param name="MessageId">Null when the message was not stored.</param>
/// <param name="IsSame">Whether the message with this key is the one that came now.</param>
/// <param name="FencingToken">Null when the turn was not taken.</param>
internal sealed record TurnRow(
    bool IsActive,
    bool IsChannelOn,
    long AgentVersion,
    long? MessageId,
    long? ConversationId,
    bool? IsSame,
    long? FencingToken,
    bool? IsHandedOver,
    IReadOnlyList<StoredMessage>? History,
    AgentReply? Reply)
{
    /// <summary>The end of the request for a turn; null when it goes on waiting.</summary>
    /// <param name="row">Null when there is no such business.</param>
    /// <param name="forDelivery">Whether the turn is wanted also when there is a reply.</param>
    public static TurnStart? Decide(TurnRow? row, CustomerMessage message, bool forDelivery) => row switch
    {
        null => new(Refusal: TurnRefusal.BusinessUnknown),
        { MessageId: not null, IsSame: false } => new(Refusal: TurnRefusal.KeyReused),
        { FencingToken: { } token } => new(new Turn(
            message.BusinessId,
            message.Channel,
            message.Customer,
            row.ConversationId!.Value,
            row.MessageId!.Value,
            token,
            row.AgentVersion,
            row.IsHandedOver is true,
            row.History ?? [],
            message.Text,
            row.Reply)),
        { Reply: { } reply } when !forDelivery => new(Reply: reply),
        { IsActive: false } => new(Refusal: TurnRefusal.BusinessInactive),
        { IsChannelOn: false } => new(Refusal: TurnRefusal.ChannelDisabled),
        { MessageId: null } => new(Refusal: TurnRefusal.ConversationUnknown),
        _ => null,
    };
}
