namespace ProSaas.Api.Startup;

/// <summary>Work that nobody waits for: once at first, when the gate has been open for a minute, and then at an interval.</summary>
internal abstract class PeriodicWork(TimeSpan interval, SchemaGateState gate, TimeProvider time) : BackgroundService
{
    // Out of the start's way.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    protected TimeProvider Time => time;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        await Task.Delay(FirstDelay, time, stoppingToken);
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>It is tried again after the interval.</summary>
    protected abstract void LogFailure(Exception exception);
}
