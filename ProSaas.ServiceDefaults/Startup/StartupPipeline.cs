using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>Runs the phases of a service's start beside the host: each as soon as what it needs is done, none holding up the listener.</summary>
internal sealed class StartupPipeline : IHostedService, IDisposable
{
    private readonly IReadOnlyList<StartupPhase> _phases;
    private readonly StartupTimeline _timeline;
    private readonly StartupTelemetry _telemetry;
    private readonly StartupOutcome _outcome;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<StartupPipeline> _logger;

    private readonly StartupTrace _trace;
    private readonly Dictionary<string, TaskCompletionSource<bool>> _done;
    private readonly CancellationTokenSource _stopping = new();
    private int _requiredLeft;
    private Task _run = Task.CompletedTask;

    public StartupPipeline(
        IEnumerable<StartupPhase> phases,
        StartupTimeline timeline,
        StartupTelemetry telemetry,
        StartupOutcome outcome,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<StartupPipeline> logger)
    {
        _phases = StartupOrder.Check([.. phases]);
        _timeline = timeline;
        _telemetry = telemetry;
        _outcome = outcome;
        _lifetime = lifetime;
        _time = time;
        _logger = logger;

        _trace = new StartupTrace(telemetry, ServiceProcess.StartedAt);
        _done = _phases.ToDictionary(phase => phase.Name, _ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);
        _requiredLeft = _phases.Count(phase => phase.Policy.IsRequired);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(() => Task.WhenAll(_phases.Select(phase => Task.Run(() => RunPhaseAsync(phase, _stopping.Token)))), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken);
        if (Volatile.Read(ref _requiredLeft) > 0)
        {
            _trace.Miss("stopped before it was ready");
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunPhaseAsync(StartupPhase phase, CancellationToken cancellationToken)
    {
        try
        {
            if (phase.SkipReason is { } reason)
            {
                Log.PhaseSkipped(_logger, phase.Name, reason);
                phase.OnSkipped(reason);
                _timeline.Update(phase.Name, snapshot => snapshot with { State = StartupPhaseState.Skipped, Reason = reason, EndedAt = _time.GetUtcNow() });
                Finish(phase, mayProceed: true);
                return;
            }

            if (await FindFailedNeedAsync(phase, cancellationToken) is { } failed)
            {
                _timeline.Update(phase.Name, snapshot => snapshot with { State = StartupPhaseState.Failed, Reason = $"{failed} failed", EndedAt = _time.GetUtcNow() });
                Finish(phase, mayProceed: false);
                return;
            }

            var run = new StartupPhaseRun(phase, _timeline, _telemetry, _trace, _time, _logger);
            var outcome = await run.RunAsync(cancellationToken);
            if (outcome is StartupPhaseState.Failed && phase.Policy.OnTimeout is StartupTimeoutAction.StopProcess)
            {
                _outcome.Fail(StartupOutcome.FailedExitCode);
                _lifetime.StopApplication();
            }

            Finish(phase, mayProceed: outcome is StartupPhaseState.Succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.PhaseStopped(_logger, phase.Name);
        }
    }

    private async Task<string?> FindFailedNeedAsync(StartupPhase phase, CancellationToken cancellationToken)
    {
        var left = phase.Needs.ToList();
        foreach (var need in phase.Needs)
        {
            _timeline.Update(phase.Name, snapshot => snapshot with { WaitingFor = string.Join(", ", left) });
            if (!await _done[need].Task.WaitAsync(cancellationToken))
            {
                return need;
            }

            left.Remove(need);
        }

        _timeline.Update(phase.Name, snapshot => snapshot with { WaitingFor = null });
        return null;
    }

    private void Finish(StartupPhase phase, bool mayProceed)
    {
        _done[phase.Name].SetResult(mayProceed);
        if (!phase.Policy.IsRequired)
        {
            return;
        }

        if (!mayProceed)
        {
            _trace.Miss($"{phase.Name} failed");
        }
        else if (Interlocked.Decrement(ref _requiredLeft) is 0)
        {
            _trace.Complete();
            Log.Ready(_logger, (_time.GetUtcNow() - ServiceProcess.StartedAt).TotalSeconds);
        }
    }
}
