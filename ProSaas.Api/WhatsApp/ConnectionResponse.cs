namespace ProSaas.Api.WhatsApp;

/// <summary>A business's connection to WhatsApp.</summary>
/// <param name="Since">When the state began; null when it is <c>off</c>.</param>
/// <param name="Reason">Why, in words; null when it needs none.</param>
/// <param name="Phone">The number that is connected; null while it is not known.</param>
/// <param name="Attempts">Connections that failed in a row.</param>
internal sealed record ConnectionResponse(ConnectionState State, DateTimeOffset? Since, string? Reason, string? Phone, int Attempts)
{
    public static readonly ConnectionResponse Example = new(
        ConnectionState.Connected, new(2026, 1, 15, 8, 30, 0, TimeSpan.Zero), Reason: null, "972501234567", Attempts: 0);

    public static readonly ConnectionResponse PairingExample = new(
        ConnectionState.Pairing, new(2026, 1, 15, 8, 30, 0, TimeSpan.Zero), Reason: null, Phone: null, Attempts: 0);

    /// <summary>Without what its QR code says, with which anybody could take the business's place.</summary>
    public static ConnectionResponse Of(ServiceSession? session) => session is null
        ? new(ConnectionState.Off, Since: null, Reason: null, Phone: null, Attempts: 0)
        : new(session.State ?? ConnectionState.Off, session.Since, session.Reason, session.Phone, session.Attempts);
}
