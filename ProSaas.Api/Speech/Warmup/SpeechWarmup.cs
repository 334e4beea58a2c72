using ProSaas.Api.Speech.Providers;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Speech.Warmup;

/// <summary>Warms the speech provider beside everything else. Never fatal, never waited for (start-up contract, section 5).</summary>
internal sealed class SpeechWarmup(IConfiguration configuration, SpeechProviders providers, ILogger<SpeechWarmup> logger) : StartupPhase
{
    /// <summary>Of one warmup, at the start and later.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const string DisableVariable = "DISABLE_TTS_WARMUP";

    private readonly bool _isDisabled = IsDisabled(configuration);

    public override string Name => "tts_warmup";

    public override StartupPhasePolicy Policy { get; } = new() { Timeout = Limit, IsRequired = false };

    public override string? SkipReason =>
        _isDisabled ? $"{DisableVariable} is set"
            : providers.Primary is null ? "no speech provider is configured"
            : null;

    public static bool IsDisabled(IConfiguration configuration) => configuration.IsOn(DisableVariable);

    protected override void OnSkipped(string reason)
    {
        if (_isDisabled)
        {
            Log.Disabled(logger);
        }
    }

    protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken) =>
        providers.Primary!.WarmUpAsync(cancellationToken);
}
