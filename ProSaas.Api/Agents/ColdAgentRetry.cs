using System.Collections.Concurrent;

namespace ProSaas.Api.Agents;

/// <summary>Tries again, every 30 s, the businesses that the warmup could not warm.</summary>
internal sealed class ColdAgentRetry(WarmupSource source, BusinessWarmer warmer, WarmupProgress progress, TimeProvider time, ILogger<ColdAgentRetry> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, bool> _cold = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;

    public void Add(IEnumerable<long> businesses)
    {
        foreach (var business in businesses)
        {
            _cold.TryAdd(business, true);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_cold.IsEmpty)
            {
                continue;
            }

            try
            {
                await RetryAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.RetryFailed(logger, exception);
            }
        }
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        var ids = _cold.Keys.ToList();
        var businesses = await source.ReadAsync(ids, cancellationToken);
        var failed = await warmer.WarmAsync(businesses, cancellationToken);
        foreach (var settled in ids.Except(failed))
        {
            _cold.TryRemove(settled, out _);
        }

        foreach (var gone in ids.Except(businesses.Select(business => business.Business.Id)))
        {
            progress.Forget(gone);
        }

        Log.RetryDone(logger, progress.Current.Summary);
    }
}
