using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>One phase from its first attempt to its end: time limit, rounds of attempts, span, timeline.</summary>
internal sealed class StartupPhaseRun(
    StartupPhase phase,
    StartupTimeline timeline,
    StartupTelemetry telemetry,
    StartupTrace trace,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Pause before the second attempt; it doubles, with jitter, up to <see cref="MaxDelay"/>.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long a phase that was given up may take to notice.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(5);

    private readonly StartupPhasePolicy _policy = phase.Policy;
    private readonly StartupPhaseContext _context = new(timeline, phase.Name);
    private readonly long _started = time.GetTimestamp();

    /// <summary>Runs the phase. Returns whether it succeeded or failed; does not throw but for cancellation.</summary>
    public async Task<StartupPhaseState> RunAsync(CancellationToken cancellationToken)
    {
        timeline.Update(
            phase.Name, snapshot => snapshot with { State = StartupPhaseState.Running, WaitingFor = null, StartedAt = time.GetUtcNow() });
        _context.Span = trace.StartPhase(phase.Name);

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // On a thread of its own: a phase that blocks instead of awaiting must not hold up its time limit.
        var work = Task.Run(() => AttemptAsync(giveUp.Token), CancellationToken.None);
        try
        {
            if (await IsTooLateAsync(work, cancellationToken))
            {
                telemetry.RecordFailure(phase.Name);
                phase.OnTimedOut();
                if (_policy.OnTimeout is not StartupTimeoutAction.KeepRunning)
                {
                    await giveUp.CancelAsync();
                    var state = End(StartupPhaseState.Failed,
                        new TimeoutException($"{phase.Name} was given up at its time limit of {_policy.Timeout}."));
                    await work.WaitAsync(CancellationGrace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return state;
                }

                BeginAnew($"{phase.Name} passed its time limit of {_policy.Timeout}", StartupPhaseState.Overdue);
            }

            await work;
            return End(StartupPhaseState.Succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            EndSpan("stopped");
            throw;
        }
        catch (Exception exception)
        {
            Log.PhaseFailed(logger, phase.Name, exception);
            return End(StartupPhaseState.Failed, exception);
        }
    }

    private async Task<bool> IsTooLateAsync(Task work, CancellationToken cancellationToken)
    {
        var limit = _policy.Timeout ?? Timeout.InfiniteTimeSpan;
        await work.WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !work.IsCompleted && !cancellationToken.IsCancellationRequested;
    }

    private async Task AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FirstRound().ExecuteAsync(AttemptOnceAsync, cancellationToken);
            return;
        }
        catch (Exception exception) when (_policy.RetryEvery is not null && !cancellationToken.IsCancellationRequested)
        {
            RecordFailedAttempt(exception);
            Log.RetryingInBackground(logger, phase.Name, _policy.RetryEvery.Value.TotalSeconds, exception);
            BeginAnew($"{phase.Name} failed", StartupPhaseState.Retrying, exception);
        }

        while (true)
        {
            await Task.Delay(_policy.RetryEvery!.Value, time, cancellationToken);
            telemetry.RecordRetry(phase.Name);
            try
            {
                await AttemptOnceAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                RecordFailedAttempt(exception);
                Log.RetryFailed(logger, phase.Name, exception);
            }
        }
    }

    private ResiliencePipeline FirstRound()
    {
        if (_policy.Attempts is 1)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _policy.Attempts - 1,
                Delay = FirstDelay,
                MaxDelay = MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    RecordFailedAttempt(retry.Outcome.Exception!);
                    telemetry.RecordRetry(phase.Name);
                    Log.Retrying(logger, phase.Name, retry.AttemptNumber
                        + 1, _policy.Attempts, retry.RetryDelay.TotalSeconds, retry.Outcome.Exception!);
                    return default;
                },
            })
            .Build();
    }

    private async ValueTask AttemptOnceAsync(CancellationToken cancellationToken)
    {
        timeline.Update(phase.Name, snapshot => snapshot with { Attempts = snapshot.Attempts + 1 });
        await phase.RunAsync(_context, cancellationToken);
    }

    private void RecordFailedAttempt(Exception exception)
    {
        telemetry.RecordFailure(phase.Name);
        _context.ReportError(exception);
        _context.Span?.AddEvent(new ActivityEvent(
            "retry", time.GetUtcNow(), new ActivityTagsCollection { ["error.type"] = StartupTelemetry.ErrorType(exception) }));
    }

    private void BeginAnew(string reason, StartupPhaseState state, Exception? exception = null)
    {
        EndSpan(reason, exception);
        if (_policy.IsRequired)
        {
            trace.Miss(reason);
        }

        _context.Span = trace.StartPhase(phase.Name);
        timeline.Update(phase.Name, snapshot => snapshot with { State = state });
    }

    private StartupPhaseState End(StartupPhaseState state, Exception? exception = null)
    {
        var duration = time.GetElapsedTime(_started);
        if (exception is not null)
        {
            telemetry.RecordFailure(phase.Name);
            _context.ReportError(exception);
        }

        EndSpan(exception is null ? null : $"{phase.Name} failed", exception);
        telemetry.RecordEnd(phase.Name, state, duration);
        timeline.Update(phase.Name, snapshot => snapshot with
        {
            State = state,
            EndedAt = time.GetUtcNow(),
            DurationSeconds = duration.TotalSeconds,
            WaitingFor = null,
        });
        return state;
    }

    private void EndSpan(string? error, Exception? exception = null)
    {
        if (_context.Span is not { } span)
        {
            return;
        }

        if (exception is not null)
        {
            span.AddException(exception);
        }

        if (error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error, error);
        }

        span.Dispose();
        _context.Span = null;
    }
}
