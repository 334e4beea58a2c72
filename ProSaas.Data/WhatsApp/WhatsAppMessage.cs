namespace ProSaas.Data.WhatsApp;

/// <summary>A customer's message that came by WhatsApp, until its answer is on the way. It goes with the message itself.</summary>
public sealed class WhatsAppMessage
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    /// <summary>Key of the customer's message.</summary>
    public required long MessageId { get; init; }

    /// <summary>WhatsApp's id of the message; it comes again when the message comes again.</summary>
    public required string ExternalId { get; init; }

    /// <summary>WhatsApp's address of the customer, where the answer goes.</summary>
    public required string Sender { get; init; }

    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>The process that answers it, while it does.</summary>
    public string? ClaimedBy { get; private set; }

    /// <summary>Until when that process counts as alive, by the database's clock.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>How often it was taken up.</summary>
    public int Attempts { get; private set; }

    /// <summary>Not to be taken up before.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>When nothing was left to do for it; null while there is.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>
    /// How it ended: <c>answered</c>, <c>silent</c> (a person has the conversation, or the channel is off by now) or
    /// <c>undeliverable</c>.
    /// </summary>
    public string? Outcome { get; private set; }
}
