using System.Collections.Concurrent;
using System.Globalization;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>How far the warmup is: businesses counted as businesses, agents as agents.</summary>
/// <param name="Businesses">Businesses to warm.</param>
/// <param name="WantedAgents">Their agents, one for each enabled channel.</param>
/// <param name="WarmAgents">Agents that are made.</param>
public sealed record WarmupCount(int Businesses, int WantedAgents, int WarmAgents)
{
    /// <summary>In words: "19/20 agents warm".</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{WarmAgents}/{WantedAgents} agents warm");
}

/// <summary>The warmup's count, for the timeline and as gauges.</summary>
public sealed class WarmupProgress
{
    private readonly ConcurrentDictionary<long, Count> _businesses = new();

    /// <summary>Adds the gauges to the start-up meter.</summary>
    public WarmupProgress(StartupTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        telemetry.Meter.CreateObservableGauge("prosaas.startup.agents.wanted", () => Current.WantedAgents, "{agent}", "Agents that the warmup wants warm.");
        telemetry.Meter.CreateObservableGauge("prosaas.startup.agents.warm", () => Current.WarmAgents, "{agent}", "Agents that are warm.");
    }

    /// <summary>The count now.</summary>
    public WarmupCount Current
    {
        get
        {
            var counts = _businesses.Values;
            return new WarmupCount(counts.Count, counts.Sum(count => count.Wanted), counts.Sum(count => count.Warm));
        }
    }

    internal void Want(IEnumerable<BusinessProfile> businesses)
    {
        foreach (var business in businesses)
        {
            _businesses[business.Business.Id] = new Count(business.Channels.Count(), Warm: 0);
        }
    }

    /// <summary>The business is not wanted warm any more: it was switched off, or is gone.</summary>
    internal void Forget(long business) => _businesses.TryRemove(business, out _);

    internal void Note(BusinessProfile business, int warm) => _businesses[business.Business.Id] = new Count(business.Channels.Count(), warm);

    private sealed record Count(int Wanted, int Warm);
}
