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
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (byte Wanted, byte Warm)> _businesses = [];
    private int _wanted;
    private int _warm;

    /// <summary>Adds the gauges to the start-up meter.</summary>
    public WarmupProgress(StartupTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        telemetry.Meter.CreateObservableGauge(
            "prosaas.startup.agents.wanted", () => Current.WantedAgents, "{agent}", "Agents that the warmup wants warm.");
        telemetry.Meter.CreateObservableGauge("prosaas.startup.agents.warm", () => Current.WarmAgents, "{agent}", "Agents that are warm.");
    }

    /// <summary>The count now.</summary>
    public WarmupCount Current
    {
        get
        {
            lock (_lock)
            {
                return new WarmupCount(_businesses.Count, _wanted, _warm);
            }
        }
    }

    internal void Record(long business, int wanted, int warm)
    {
        lock (_lock)
        {
            Take(business);
            _businesses[business] = ((byte)wanted, (byte)warm);
            _wanted += wanted;
            _warm += warm;
        }
    }

    /// <summary>The business is not wanted warm any more: it was switched off, or is gone.</summary>
    internal void Forget(Func<long, bool> business)
    {
        lock (_lock)
        {
            foreach (var gone in _businesses.Keys.Where(business).ToList())
            {
                Take(gone);
            }
        }
    }

    internal bool Wants(long business)
    {
        lock (_lock)
        {
            return _businesses.ContainsKey(business);
        }
    }

    private void Take(long business)
    {
        if (_businesses.Remove(business, out var count))
        {
            _wanted -= count.Wanted;
            _warm -= count.Warm;
        }
    }
}
