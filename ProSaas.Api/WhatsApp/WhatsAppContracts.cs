namespace ProSaas.Api.WhatsApp;

/// <summary>What the WhatsApp service says of a business's connection.</summary>
/// <param name="State"><c>pairing</c>, <c>connecting</c>, <c>connected</c>, <c>degraded</c> or <c>logged_out</c>.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Reason">Why, in words; null when it needs none.</param>
/// <param name="Phone">The number that is connected; null while it is not known.</param>
/// <param name="Qr">What the QR code to scan says, in the state <c>pairing</c>.</param>
/// <param name="Attempts">Connections that failed in a row.</param>
internal sealed record ServiceSession(long Business, string State, DateTimeOffset Since, string? Reason, string? Phone, string? Qr, int Attempts);

/// <summary>A message for the WhatsApp service to send.</summary>
/// <param name="To">WhatsApp's address of the customer.</param>
/// <param name="MessageId">The same each time that this message is delivered, so that the customer sees it once.</param>
internal sealed record OutboundMessage(string To, string Text, string MessageId);

/// <summary>What became of a message that was given to the WhatsApp service.</summary>
internal enum DeliveryResult
{
    /// <summary>The service has it under way.</summary>
    Accepted,

    /// <summary>It can come again later: the service is not there, or its connection to WhatsApp is not.</summary>
    Later,

    /// <summary>It is refused for good.</summary>
    Refused,
}
