namespace ProSaas.Data.Conversations;

/// <summary>A message of a customer or of an agent. The keys of one conversation's messages grow in the order they came.</summary>
public sealed class Message
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required long ConversationId { get; init; }

    public required MessageRole Role { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>
    /// Unique among the business's messages: the sender's key, which is the same when the message is sent again, or one made here.
    /// Null for an agent's message.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// Until when later messages of the conversation wait for this one, by the database's clock;
    /// null when it waits for no turn.
    /// </summary>
    public DateTimeOffset? WaitsUntil { get; private set; }

    /// <summary>Key of the customer's message that an agent's message answers; null for a customer's message.</summary>
    public long? InReplyTo { get; init; }

    /// <summary>What wrote an agent's message: a provider's or model's name, or the embedded answerer's.</summary>
    public string? Answerer { get; init; }

    /// <summary>Key of the FAQ entry that was the answer, if one was. It may have been removed since.</summary>
    public long? FaqEntryId { get; init; }

    /// <summary>Whether another answerer took over because the provider did not answer.</summary>
    public bool IsFallback { get; init; }

    /// <summary>Whether a message for the owner was taken with this answer.</summary>
    public bool TookMessage { get; init; }

    /// <summary>Whether the conversation was handed over to a person with this answer.</summary>
    public bool HandedOver { get; init; }

    /// <summary>Tokens read for an agent's message, as the provider counted them.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Tokens written for an agent's message, as the provider counted them.</summary>
    public int? OutputTokens { get; init; }
}
