namespace ProSaas.Data.Conversations;

/// <summary>A message of a customer for the business's owner, taken by an agent.</summary>
public sealed class OwnerMessage
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required long ConversationId { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }
}
