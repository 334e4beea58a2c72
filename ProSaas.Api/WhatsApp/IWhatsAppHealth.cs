namespace ProSaas.Api.WhatsApp;

/// <summary>Whether the WhatsApp service is there, for those who watch over the API.</summary>
public interface IWhatsAppHealth
{
    /// <summary>False where the API runs without the service.</summary>
    bool IsConfigured { get; }

    /// <summary>Whether it answers now; settles within a second, whatever hangs.</summary>
    Task<bool> IsAnsweringAsync(CancellationToken cancellationToken);
}
