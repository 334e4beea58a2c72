namespace ProSaas.Api.Conversations;

/// <summary>An agent's answer as it was written down.</summary>
/// <param name="Id">Key of the answer's own message.</param>
/// <param name="InReplyTo">Key of the customer's message.</param>
/// <param name="TookMessage">Whether a message for the owner was taken with it.</param>
/// <param name="HandedOver">Whether the conversation was handed over to a person with it.</param>
public sealed record StoredReply(
    long Id,
    long ConversationId,
    long InReplyTo,
    string Text,
    DateTimeOffset CreatedAt,
    string Answerer,
    long? FaqEntryId,
    bool IsFallback,
    bool TookMessage,
    bool HandedOver,
    int? InputTokens,
    int? OutputTokens);
