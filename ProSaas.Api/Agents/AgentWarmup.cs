using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>Makes the agents of every active business before the first customer comes (start-up contract, section 4).</summary>
internal sealed class AgentWarmup(
    WarmupSource source,
    BusinessWarmer warmer,
    WarmupProgress progress,
    ColdAgentRetry cold,
    TimeProvider time,
    ILogger<AgentWarmup> logger) : StartupPhase
{
    private bool _isAnnounced;

    public override string Name => "agent_warmup";

    public override IReadOnlyList<string> Needs => ["schema_gate"];

    public override StartupPhasePolicy Policy { get; } = new() { Attempts = 5, RetryEvery = TimeSpan.FromSeconds(30) };

    protected override async Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            Log.Starting(logger);
            Log.PreCreating(logger);
        }

        var started = time.GetTimestamp();
        var businesses = await source.ReadAsync(only: null, cancellationToken);
        Log.Found(logger, businesses.Count);
        progress.Want(businesses);

        var failed = await warmer.WarmAsync(businesses, cancellationToken);
        var count = progress.Current;
        if (failed.Count > 0)
        {
            Log.SomeCold(logger, count.Summary);
            cold.Add(failed);
        }

        Log.Warmed(logger, count.WarmAgents, time.GetElapsedTime(started).TotalSeconds);
    }
}
