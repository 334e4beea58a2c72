using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Speech;

/// <summary>Warms the speech provider beside everything else. Never fatal, never waited for (start-up contract, section 5).</summary>
internal sealed class SpeechWarmup(IConfiguration configuration, IEnumerable<ISpeechProvider> providers, ILogger<SpeechWarmup> logger) : StartupPhase
{
    private const string DisableVariable = "DISABLE_TTS_WARMUP";

    private readonly ISpeechProvider? _provider = providers.FirstOrDefault();
    private readonly bool _isDisabled = configuration[DisableVariable] is { } value
        && (value is "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    public override string Name => "tts_warmup";

    public override StartupPhasePolicy Policy { get; } = new() { Timeout = TimeSpan.FromSeconds(10), IsRequired = false };

    public override string? SkipReason
        => _isDisabled ? $"{DisableVariable} is set"
            : _provider is null ? "no speech provider is configured"
            : null;

    protected override void OnSkipped(string reason)
    {
        if (_isDisabled)
        {
            Log.Disabled(logger);
        }
    }

    protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
        => _provider!.WarmUpAsync(cancellationToken);
}
