namespace ProSaas.Data.WhatsApp;

/// <summary>The delivery of the reply to a customer's message that came by WhatsApp. It goes with the message itself.</summary>
public sealed class WhatsAppMessage
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    /// <summary>Key of the customer's message.</summary>
    public required long MessageId { get; init; }

    /// <summary>WhatsApp's address of the customer, where the reply goes.</summary>
    public required string Sender { get; init; }

    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>How often it was put back, to be tried again.</summary>
    public int Attempts { get; private set; }

    /// <summary>How often of these it failed for itself, and not for the database or the network.</summary>
    public int Failures { get; private set; }

    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>When nothing was left to do for it; null while there is.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>
    /// How it ended: <c>answered</c>, <c>silent</c> (a person has the conversation, or the channel is off by now) or
    /// <c>undeliverable</c>.
    /// </summary>
    public string? Outcome { get; private set; }
}
