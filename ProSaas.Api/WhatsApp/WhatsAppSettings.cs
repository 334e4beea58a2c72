using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// Where the WhatsApp service is and the secret that it shares with the API.
/// Read and checked once, before the host starts.
/// </summary>
/// <param name="Address">The root of the service; null where there is none.</param>
/// <param name="Secret">Stands in every call both ways.</param>
internal sealed record WhatsAppSettings(Uri? Address, string Secret)
{
    public const string AddressKey = "BAILEYS_HTTP";
    public const string SecretKey = "BAILEYS_SECRET";
    private const int MinSecret = 16;

    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static WhatsAppSettings Read(IConfiguration configuration)
    {
        var address = configuration.GetHttpAddress(AddressKey);
        return address is null ? new(Address: null, "") : new(address, configuration.GetSecret(
            SecretKey, "the secret that the WhatsApp service has too: 16 or more visible ASCII characters without spaces", MinSecret));
    }

    /// <summary>Without the secret, which has no place in a log.</summary>
    public override string ToString() => $"WhatsApp service at {Address}";
}
