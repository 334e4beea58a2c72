using System.Collections.Concurrent;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>How far the warmup is: businesses counted as businesses, agents as agents.</summary>
/// <param name="Businesses">Businesses to warm.</param>
/// <param name="WantedAgents">Their agents, one for each enabled channel.</param>
/// <param name="WarmAgents">Agents that are made.</param>
public sealed record WarmupCount(int Businesses, int WantedAgents, int WarmAgents);

/// <summary>The warmup's count, for the timeline and as gauges.</summary>
public sealed class WarmupProgress
{
    private readonly ConcurrentDictionary<(long Business, AgentChannel Channel), bool> _warm = new();
    private volatile WarmupCount _wanted = new(0, 0, 0);

    /// <summary>Adds the gauges to the start-up meter.</summary>
    public WarmupProgress(StartupTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        telemetry.Meter.CreateObservableGauge("prosaas.startup.agents.wanted", () => Current.WantedAgents, "{agent}", "Agents that the warmup wants warm.");
        telemetry.Meter.CreateObservableGauge("prosaas.startup.agents.warm", () => Current.WarmAgents, "{agent}", "Agents that are warm.");
    }

    /// <summary>The count now.</summary>
    public WarmupCount Current => _wanted with { WarmAgents = _warm.Count };

    internal void Begin(int businesses, int agents) => _wanted = new WarmupCount(businesses, agents, 0);

    internal void AddWarm(long business, AgentChannel channel) => _warm.TryAdd((business, channel), true);
}
