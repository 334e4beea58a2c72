namespace ProSaas.Data.Conversations;

/// <summary>What a customer asked an agent to tell the business's owner.</summary>
public sealed class OwnerMessage
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required long ConversationId { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }
}
