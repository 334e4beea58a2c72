namespace ProSaas.Data.WhatsApp;

/// <summary>A business's connection to WhatsApp as the service last told of it.</summary>
public sealed class WhatsAppSession
{
    public required long BusinessId { get; init; }

    /// <summary><c>pairing</c>, <c>connecting</c>, <c>connected</c>, <c>degraded</c> or <c>logged_out</c>.</summary>
    public required string State { get; set; }

    /// <summary>When the state began, by the service's clock.</summary>
    public required DateTimeOffset Since { get; set; }

    /// <summary>Why, in words; null when it needs none.</summary>
    public string? Reason { get; set; }

    /// <summary>The number that is connected; null while it is not known.</summary>
    public string? Phone { get; set; }
}
