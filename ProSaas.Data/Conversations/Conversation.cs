namespace ProSaas.Data.Conversations;

/// <summary>The messages between a customer and a business's agent, answered one after the other.</summary>
public sealed class Conversation
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required long ContactId { get; init; }

    public required AgentChannel Channel { get; init; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When the customer or the agent last wrote.</summary>
    public DateTimeOffset LastMessageAt { get; private set; }

    /// <summary>Since when a person answers instead of the agent; null while the agent does.</summary>
    public DateTimeOffset? HandedOverAt { get; set; }

    /// <summary>The process that is answering a message; null when none is.</summary>
    public string? LeaseOwner { get; private set; }

    /// <summary>When the process that is answering counts as dead, by the database's clock; null when none is answering.</summary>
    public DateTimeOffset? LeaseExpiresAt { get; private set; }

    /// <summary>Grows with each turn. Only the latest turn may write, so one whose lease ran out while it was busy cannot.</summary>
    public long FencingToken { get; private set; }
}
