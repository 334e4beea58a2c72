using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.Data.Conversations;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>Reads businesses and makes their agents as the rows come, one that fails not stopping the others.</summary>
internal sealed class BusinessWarmer(
    IServiceScopeFactory scopes,
    AgentCache agents,
    WarmupProgress progress,
    StartupTelemetry telemetry,
    IOptions<AgentWarmupOptions> options,
    ILogger<BusinessWarmer> logger)
{
    /// <summary>Warms all businesses that have agents, most recently active first. One attempt, without retries.</summary>
    /// <param name="remake">Whether agents that are there are made anew, and those of other businesses forgotten.</param>
    /// <param name="found">Told how many businesses there are, before the first is read; null when nobody asks.</param>
    /// <returns>The ids of those with an agent that could not be made.</returns>
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

        async Task<bool> WarmRowsAsync(ProSaasDbContext db, CancellationToken token)
        {
            if (found is not null)
            {
                found(Math.Min(await BusinessReader.CountAsync(db, only, token), max ?? int.MaxValue));
            }

            var parallelism = new ParallelOptions { MaxDegreeOfParallelism = options.Value.MaxConcurrency, CancellationToken = token };
            await Parallel.ForEachAsync(BusinessReader.ReadAsync(db, only, max, token), parallelism, (business, _) =>
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

    /// <summary>Whether all its agents are there; null when there is no room for them.</summary>
    private bool? Warm(BusinessProfile business, bool remake)
    {
        using var span = telemetry.Source.StartActivity("startup.agent_warmup.business");
        span?.SetTag("prosaas.business.id", business.Id);
        var warm = agents.Warm(business, remake, (channel, exception) => NoteFailure(span, business.Id, channel, exception));
        if (warm is not { } count)
        {
            return null;
        }

        progress.Note(business.Id, business.EnabledChannels, count);
        return count == business.EnabledChannels;
    }

    private void NoteFailure(Activity? span, long business, AgentChannel channel, Exception exception)
    {
        span?.AddException(exception);
        span?.SetStatus(ActivityStatusCode.Error);
        Log.AgentFailed(logger, business, channel, exception);
    }

    private void Forget(Func<long, bool> business)
    {
        agents.Remove(business);
        progress.Forget(business);
    }
}
