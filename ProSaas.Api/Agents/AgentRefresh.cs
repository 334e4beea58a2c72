using System.Collections.Concurrent;

namespace ProSaas.Api.Agents;

/// <summary>
/// Warms businesses again beside the traffic: at once those that were changed, and every 30 s those that the warmup could not
/// warm. It only makes early what a customer's message would do anyway.
/// </summary>
internal sealed class AgentRefresh(BusinessWarmer warmer, WarmupProgress progress, TimeProvider time, ILogger<AgentRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, bool> _cold = new();
    private readonly ConcurrentDictionary<long, bool> _changed = new();
    private readonly SemaphoreSlim _news = new(0, 1);

    /// <summary>These could not be warmed: they are tried again in 30 s.</summary>
    public void AddCold(IEnumerable<long> businesses)
    {
        foreach (var business in businesses)
        {
            _cold.TryAdd(business, true);
        }
    }

    /// <summary>This one was changed, made or removed.</summary>
    public void AddChanged(long business)
    {
        _changed.TryAdd(business, true);
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // The run that is due takes this one too.
        }
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RetryColdAsync(stoppingToken), RefreshChangedAsync(stoppingToken));

    private async Task RetryColdAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (!_cold.IsEmpty && await WarmAsync(_cold, cancellationToken))
            {
                Log.RetryDone(logger, progress.Current.Summary);
            }
        }
    }

    private async Task RefreshChangedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _news.WaitAsync(cancellationToken);
            await WarmAsync(_changed, cancellationToken);
        }
    }

    private async Task<bool> WarmAsync(ConcurrentDictionary<long, bool> due, CancellationToken cancellationToken)
    {
        // Taken out first: one that is announced while it is read is read again.
        var ids = due.Keys.Where(id => due.TryRemove(id, out _)).ToArray();
        try
        {
            AddCold(await warmer.WarmAsync(ids, cancellationToken));
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            AddCold(ids);
            Log.RetryFailed(logger, exception);
            return false;
        }
    }
}
