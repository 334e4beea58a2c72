using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// Looks for the WhatsApp service beside everything else, until it is there: it may start after the API. Never fatal, never waited
/// for (start-up contract, section 2).
/// </summary>
internal sealed class WhatsAppProbe(WhatsAppService service) : StartupPhase
{
    public override string Name => "whatsapp_probe";

    public override StartupPhasePolicy Policy { get; } = new() { Attempts = 5, RetryEvery = TimeSpan.FromSeconds(30), IsRequired = false };

    public override string? SkipReason =>
        service.IsConfigured ? null : $"no WhatsApp service is configured ({WhatsAppSettings.AddressKey})";

    protected override async Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        if (!await service.IsAnsweringAsync(cancellationToken))
        {
            throw new WhatsAppServiceException("The WhatsApp service does not answer.");
        }
    }
}
