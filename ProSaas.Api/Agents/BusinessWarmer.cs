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
    /// <summary>Warms the businesses and returns the ids of those that failed.</summary>
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
        try
        {
            foreach (var channel in business.Channels)
            {
                agents.GetOrCreate(business, channel);
                progress.AddWarm(business.Business.Id, channel);
            }

            return true;
        }
        catch (Exception exception)
        {
            span?.AddException(exception);
            span?.SetStatus(ActivityStatusCode.Error);
            Log.BusinessFailed(logger, business.Business.Id, exception);
            return false;
        }
    }
}
