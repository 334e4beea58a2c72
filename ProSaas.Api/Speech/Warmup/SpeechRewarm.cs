using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech.Warmup;

/// <summary>Warms the provider again when nobody has used it for a while: its channel goes cold at about 20 minutes.</summary>
internal sealed class SpeechRewarm(
    IConfiguration configuration, SpeechProviders providers, TimeProvider time, ILogger<SpeechRewarm> logger) : BackgroundService
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (providers.Primary is not { } provider || SpeechWarmup.IsDisabled(configuration))
        {
            return;
        }

        var pause = IdleLimit;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            var idle = provider.Idle;
            if (idle >= IdleLimit)
            {
                await WarmAsync(provider, stoppingToken);
                idle = TimeSpan.Zero;
            }

            pause = IdleLimit - idle;
        }
    }

    private async Task WarmAsync(ResilientSpeechProvider provider, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(SpeechWarmup.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);
        try
        {
            await provider.WarmUpAsync(either.Token);
            Log.Rewarmed(logger, provider.Name);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            Log.RewarmFailed(logger, provider.Name, failure);
        }
    }
}
