using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>Reads businesses and prepares their profiles as the rows come, one that fails not stopping the others.</summary>
internal sealed class BusinessWarmer(
    IServiceScopeFactory scopes,
    ProfileCache profiles,
    WarmupProgress progress,
    StartupTelemetry telemetry,
    IOptions<AgentWarmupOptions> options,
    TimeProvider time,
    ILogger<BusinessWarmer> logger)
{
    /// <summary>Warms all businesses that have agents, most recently active first. One attempt, without retries.</summary>
    /// <param name="remake">Whether profiles that are there are replaced, and those of other businesses forgotten.</param>
    /// <param name="found">Told how many businesses there are, before the first is read; null when nobody asks.</param>
    /// <returns>The ids of those that could not be prepared.</returns>
    public async Task<IReadOnlyCollection<long>> WarmAllAsync(bool remake, Action<int>? found, CancellationToken cancellationToken)
    {
        var max = options.Value.MaxBusinesses is > 0 and var limit ? limit : (int?)null;
        var (seen, failed) = await WarmAsync(only: null, max, remake, found, cancellationToken);
        if (remake)
        {
            Forget(business => !seen.ContainsKey(business));
        }

        return failed;
    }

    /// <summary>Warms these businesses anew where they changed, and forgets those of them that have no agents any more.</summary>
    /// <inheritdoc cref="WarmAllAsync"/>
    public async Task<IReadOnlyCollection<long>> WarmAsync(long[] only, CancellationToken cancellationToken)
    {
        // What the warmup's bound left out stays out; its agents are made on first use.
        var wanted = options.Value.MaxBusinesses is 0 ? only : Array.FindAll(only, progress.Wants);
        var (seen, failed) = await WarmAsync(wanted, max: null, remake: false, found: null, cancellationToken);
        var asked = only.ToHashSet();
        Forget(business => asked.Contains(business) && !seen.ContainsKey(business));
        return failed;
    }

    private async Task<(ConcurrentDictionary<long, bool> Seen, IReadOnlyCollection<long> Failed)> WarmAsync(
        long[]? only, int? max, bool remake, Action<int>? found, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<long, bool> seen = new();
        ConcurrentBag<long> failed = [];
        var leftOut = 0;
        await using var scope = scopes.CreateAsyncScope();
        var unitOfWork = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var attempt = new SingleAttempt(scope.ServiceProvider.GetRequiredService<ProSaasDbContext>());
        await attempt.ExecuteAsync(token => unitOfWork.AsSystemAsync("agent warmup", WarmRowsAsync, token), cancellationToken);
        if (leftOut > 0)
        {
            Log.OverBudget(logger, leftOut, options.Value.MemoryBudget);
        }

        return (seen, failed);

        async Task<bool> WarmRowsAsync(ProSaasDbContext context, CancellationToken token)
        {
            if (found is not null)
            {
                found(Math.Min(await BusinessReader.CountAsync(context, only, token), max ?? int.MaxValue));
            }

            var parallelism = new ParallelOptions { MaxDegreeOfParallelism = options.Value.MaxConcurrency, CancellationToken = token };
            await Parallel.ForEachAsync(BusinessReader.ReadAsync(context, only, max, token), parallelism, (business, _) =>
            {
                if (Warm(business, remake) is not { } isWarm)
                {
                    Interlocked.Increment(ref leftOut);
                    return default;
                }

                seen.TryAdd(business.Id, true);
                if (!isWarm)
                {
                    failed.Add(business.Id);
                }

                return default;
            });
            return true;
        }
    }

    /// <summary>Whether the business is there; null when there is no room for it.</summary>
    private bool? Warm(BusinessProfile business, bool remake)
    {
        using var span = telemetry.Source.StartActivity("startup.agent_warmup.business");
        span?.SetTag("prosaas.business.id", business.Id);
        var isWarm = true;
        try
        {
            if (!profiles.Add(business.Prepare(time), remake))
            {
                return null;
            }
        }
        catch (Exception exception)
        {
            isWarm = false;
            span?.AddException(exception);
            span?.SetStatus(ActivityStatusCode.Error);
            Log.BusinessFailed(logger, business.Id, exception);
        }

        progress.Record(business.Id, business.EnabledChannels, isWarm ? business.EnabledChannels : 0);
        return isWarm;
    }

    private void Forget(Func<long, bool> business)
    {
        profiles.Remove(business);
        progress.Forget(business);
    }
}
