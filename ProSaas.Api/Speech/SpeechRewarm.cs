namespace ProSaas.Api.Speech;

/// <summary>Warms the provider again when nobody has used it for a while: its channel goes cold at about 20 minutes.</summary>
internal sealed class SpeechRewarm(IConfiguration configuration, SpeechSources sources, TimeProvider time, ILogger<SpeechRewarm> logger) : BackgroundService
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (sources.Primary is not { } source || SpeechWarmup.IsDisabled(configuration))
        {
            return;
        }

        var pause = IdleLimit;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            var idle = source.Idle;
            if (idle >= IdleLimit)
            {
                await WarmAsync(source, stoppingToken);
                idle = TimeSpan.Zero;
            }

            pause = IdleLimit - idle;
        }
    }

    private async Task WarmAsync(SpeechSource source, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(SpeechWarmup.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);
        try
        {
            await source.WarmUpAsync(either.Token);
            Log.Rewarmed(logger, source.Name);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            Log.RewarmFailed(logger, source.Name, failure);
        }
    }
}
