using ProSaas.Api.Agents.Providers;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

/// <summary>Makes the agents of every active business before the first customer comes (start-up contract, section 4).</summary>
internal sealed class AgentWarmup(
    BusinessWarmer warmer,
    WarmupProgress progress,
    AgentRefresh refresh,
    ProviderConnection provider,
    ReplyWarmup reply,
    TimeProvider time,
    ILogger<AgentWarmup> logger) : StartupPhase
{
    private bool _isAnnounced;

    public override string Name => "agent_warmup";

    public override string? After => "schema_gate";

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
        var connecting = provider.OpenAsync(cancellationToken);
        var failed = await warmer.WarmAllAsync(remake: false, count => Log.Found(logger, count), cancellationToken);
        await reply.RunAsync(cancellationToken);
        await connecting;

        var warm = progress.Current;
        if (failed.Count > 0)
        {
            Log.SomeCold(logger, warm.Summary);
            refresh.AddCold(failed);
        }

        Log.Warmed(logger, warm.WarmAgents, time.GetElapsedTime(started).TotalSeconds);
    }
}
