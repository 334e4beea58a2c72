namespace ProSaas.Data.WhatsApp;

/// <summary>What the WhatsApp service has still to forget. It goes when the service has confirmed, and outlives the business.</summary>
public sealed class WhatsAppErasure
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    /// <summary>WhatsApp's address of a customer; null for all of the business: its connection and every text.</summary>
    public string? Address { get; init; }

    public DateTimeOffset RequestedAt { get; private set; }
}
