namespace ProSaas.Api.WhatsApp;

/// <summary>A customer's message that this process has taken up.</summary>
/// <param name="Attempts">How often it was taken up, now included.</param>
internal sealed record InboxMessage(
    long BusinessId, long Id, string Sender, string ExternalId, int Attempts, DateTimeOffset ReceivedAt, string Customer, string Text, string Key);
