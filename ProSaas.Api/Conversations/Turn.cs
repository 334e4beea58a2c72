using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>
/// The right to answer one message, until it is completed, released or lost. While it is open its lease is renewed; a process that
/// dies loses it when the lease runs out.
/// </summary>
/// <param name="Customer">What the channel knows the customer by.</param>
/// <param name="FencingToken">Which turn of the conversation this is; only the latest may write.</param>
/// <param name="AgentVersion">The version of the business when the conversation was read: an older profile is not to answer.</param>
/// <param name="IsHandedOver">Whether a person answers: then the agent says nothing, and the turn is released.</param>
/// <param name="History">The messages before it, oldest first, cut to <see cref="ConversationOptions.HistoryTokens"/>,
/// without the message itself.</param>
/// <param name="Text">The message itself.</param>
/// <param name="Reply">Its reply, where it has one that is still to be delivered; null otherwise.</param>
internal sealed record Turn(
    long BusinessId,
    AgentChannel Channel,
    string Customer,
    long ConversationId,
    long MessageId,
    long FencingToken,
    long AgentVersion,
    bool IsHandedOver,
    IReadOnlyList<StoredMessage> History,
    string Text,
    AgentReply? Reply = null);
