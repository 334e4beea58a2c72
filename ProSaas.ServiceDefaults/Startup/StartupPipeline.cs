using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>Runs the phases of a service's start side by side, save that one may come after another; none holds up the listener.</summary>
internal sealed class StartupPipeline(
    IEnumerable<StartupPhase> phases,
    StartupTimeline timeline,
    StartupTelemetry telemetry,
    StartupOutcome outcome,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<StartupPipeline> logger) : IHostedService, IDisposable
{
    private readonly StartupTrace _trace = new(telemetry, ServiceProcess.StartedAt);
    private readonly Dictionary<string, Task<bool>> _runs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private int _requiredLeft = phases.Count(phase => phase.Policy.IsRequired);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var phase in phases)
        {
            var before = phase.After is null ? null : _runs[phase.After];
            _runs.Add(phase.Name, Task.Run(() => RunPhaseAsync(phase, before, _stopping.Token), CancellationToken.None));
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_runs.Values).WaitAsync(cancellationToken);
        if (Volatile.Read(ref _requiredLeft) > 0)
        {
            _trace.Miss("stopped before it was ready");
        }
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Returns whether the phase that comes after this one may run.</summary>
    private async Task<bool> RunPhaseAsync(StartupPhase phase, Task<bool>? before, CancellationToken cancellationToken)
    {
        try
        {
            if (phase.SkipReason is { } reason)
            {
                Log.PhaseSkipped(logger, phase.Name, reason);
                phase.OnSkipped(reason);
                EndUnrun(phase, StartupPhaseState.Skipped, reason);
                return Finish(phase, isDone: true);
            }

            var mayRun = before is null || await before;
            cancellationToken.ThrowIfCancellationRequested();
            if (!mayRun)
            {
                EndUnrun(phase, StartupPhaseState.Failed, $"{phase.After} failed");
                return Finish(phase, isDone: false);
            }

            var run = new StartupPhaseRun(phase, timeline, telemetry, _trace, time, logger);
            var state = await run.RunAsync(cancellationToken);
            if (state is StartupPhaseState.Failed && phase.Policy.OnTimeout is StartupTimeoutAction.StopProcess)
            {
                outcome.Fail(StartupOutcome.FailedExitCode);
                lifetime.StopApplication();
            }

            return Finish(phase, isDone: state is StartupPhaseState.Succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.PhaseStopped(logger, phase.Name);
            return false;
        }
    }

    private void EndUnrun(StartupPhase phase, StartupPhaseState state, string reason) =>
        timeline.Update(
            phase.Name, snapshot => snapshot with { State = state, Reason = reason, WaitingFor = null, EndedAt = time.GetUtcNow() });

    private bool Finish(StartupPhase phase, bool isDone)
    {
        if (phase.Policy.IsRequired && !isDone)
        {
            _trace.Miss($"{phase.Name} failed");
        }
        else if (phase.Policy.IsRequired && Interlocked.Decrement(ref _requiredLeft) is 0)
        {
            _trace.Complete();
            Log.Ready(logger, (time.GetUtcNow() - ServiceProcess.StartedAt).TotalSeconds);
        }

        return isDone;
    }
}
