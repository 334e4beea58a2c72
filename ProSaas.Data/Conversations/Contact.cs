namespace ProSaas.Data.Conversations;

/// <summary>A customer of a business on one channel.</summary>
public sealed class Contact
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required AgentChannel Channel { get; init; }

    /// <summary>What the channel knows the customer by: a telephone number in E.164 form, or a key that the caller chose.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The customer's name; null while it is not known.</summary>
    public string? DisplayName { get; set; }
}
