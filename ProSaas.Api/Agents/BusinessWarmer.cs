using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>Makes the agents of businesses, one that fails not stopping the others.</summary>
internal sealed class BusinessWarmer(
    AgentCache agents,
    WarmupProgress progress,
    StartupTelemetry telemetry,
    IOptions<AgentWarmupOptions> options,
    ILogger<BusinessWarmer> logger)
{
    /// <summary>Warms the businesses and returns the ids of those with an agent that could not be made.</summary>
    public async Task<IReadOnlyCollection<long>> WarmAsync(IReadOnlyList<BusinessProfile> businesses, CancellationToken cancellationToken)
    {
        var failed = new ConcurrentBag<long>();
        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = options.Value.MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(businesses, parallelism, (business, _) =>
        {
            if (!TryWarm(business))
            {
                failed.Add(business.Business.Id);
            }

            return default;
        });
        return failed;
    }

    private bool TryWarm(BusinessProfile business)
    {
        using var span = telemetry.Source.StartActivity("startup.agent_warmup.business");
        span?.SetTag("prosaas.business.id", business.Business.Id);
        var channels = business.Channels.ToList();
        var warm = channels.Count(channel => TryWarm(business, channel, span));
        progress.Note(business, warm);
        return warm == channels.Count;
    }

    private bool TryWarm(BusinessProfile business, AgentChannel channel, Activity? span)
    {
        try
        {
            agents.GetOrCreate(business, channel);
            return true;
        }
        catch (Exception exception)
        {
            span?.AddException(exception);
            span?.SetStatus(ActivityStatusCode.Error);
            Log.AgentFailed(logger, business.Business.Id, channel, exception);
            return false;
        }
    }
}
