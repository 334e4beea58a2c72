using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>What a customer says to a business's agent.</summary>
/// <param name="BusinessId">Key of the business; 1 or more.</param>
/// <param name="Customer">What the channel knows the customer by: a telephone number in E.164 form, or a key
/// that the caller chose; not blank.</param>
/// <param name="ConversationId">
/// One of this customer's conversations on the channel. Null for the latest in which something was said in the last
/// <see cref="ConversationTurns.OpenFor"/>, or else a new one.
/// </param>
/// <param name="Text">Not blank.</param>
/// <param name="IdempotencyKey">The same key comes again with the same message, and never with another one of the business.
/// Null for a message that does not come again.</param>
internal sealed record CustomerMessage(
    long BusinessId, AgentChannel Channel, string Customer, long? ConversationId, string Text, string? IdempotencyKey);
