using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Takes one replica of a resource through its life.</summary>
internal sealed class ResourceActor(
    ResourceInstance instance,
    IResourceRunner runner,
    ResourceNotificationService notifications,
    IResourceConsole console,
    HealthMonitor health,
    TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _commands = new(1, 1);
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;

    public ResourceInstance Instance { get; } = instance;

    /// <summary>Whether the replica is alive or about to be.</summary>
    public bool IsActive => !_life.IsCompleted;

    /// <summary>Lets it start as soon as what it waits for is ready. Does nothing if it is alive.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken);
        try
        {
            if (!IsActive)
            {
                _stop.Dispose();
                _stop = new CancellationTokenSource();
                _life = LiveAsync(_stop.Token);
            }
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>Stops it, and returns when it has. Does nothing if it is not alive.</summary>
    public async Task StopAsync()
    {
        await _commands.WaitAsync();
        try
        {
            await _stop.CancelAsync();
            await _life;
        }
        finally
        {
            _commands.Release();
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _commands.Dispose();
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        var waits = WaitGraph.Waits(Instance.Resource);
        Move(
            ResourceTrigger.StartRequested,
            waits.Count == 0 ? "" : $"Waiting for {string.Join(", ", waits.Select(wait => wait.Resource.Name))}",
            snapshot => snapshot with { ExitCode = null, HealthStatus = null, Reason = null, ProcessId = null, StartTimeStamp = null, StopTimeStamp = null });
        try
        {
            if (await WaitAsync(waits, stop) is { } failure)
            {
                Fail(ResourceTrigger.DependencyFailed, failure);
                return;
            }

            Move(ResourceTrigger.DependenciesReady);
            if (await LaunchAsync(stop) is { } running)
            {
                await using (running)
                {
                    await RunAsync(running, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Move(ResourceTrigger.StopRequested, "Stopped before it ran");
        }
    }

    private async Task<string?> WaitAsync(IReadOnlyList<WaitAnnotation> waits, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pending = waits.Select(wait => WaitForOneAsync(wait, enough.Token)).ToList();
        string? failure = null;
        while (pending.Count > 0 && failure is null)
        {
            var ended = await Task.WhenAny(pending);
            pending.Remove(ended);
            failure = await ended;
        }

        // The other waits no longer matter, but none is left running.
        await enough.CancelAsync();
        await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return failure;
    }

    private async Task<string?> WaitForOneAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<string, WaitOutcome>(StringComparer.Ordinal);
        var replicas = wait.Resource.GetReplicaCount();
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource != wait.Resource)
            {
                continue;
            }

            var outcome = waiting[change.ResourceId] = ResourceLifecycle.Evaluate(wait, change.Snapshot);
            if (outcome.Failure is not null || waiting.Values.Count(o => o.IsSatisfied) == replicas)
            {
                return outcome.Failure;
            }
        }

        return null;
    }

    private async Task<IRunningResource?> LaunchAsync(CancellationToken stop)
    {
        try
        {
            return await runner.StartAsync(Instance, stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fail(ResourceTrigger.LaunchFailed, exception.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private async Task RunAsync(IRunningResource running, CancellationToken stop)
    {
        var process = running.ProcessId is { } id ? $"Running (process {id})" : "Running";
        Move(ResourceTrigger.Launched, process, snapshot => snapshot with { ProcessId = running.ProcessId, StartTimeStamp = Now, HealthStatus = HealthMonitor.AtFirst(Instance.Resource) });

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var monitoring = health.MonitorAsync(Instance, SetHealth, ended.Token);
        await Task.WhenAny(running.Completion, Task.Delay(Timeout.Infinite, ended.Token));
        await ended.CancelAsync();
        await monitoring;

        if (running.Completion.IsCompleted)
        {
            var exitCode = await running.Completion;
            Move(
                ResourceTrigger.Ended,
                exitCode is null ? "Finished" : $"Finished with exit code {exitCode}",
                snapshot => snapshot with { ExitCode = exitCode, StopTimeStamp = Now, ProcessId = null, HealthStatus = null });
            return;
        }

        Move(ResourceTrigger.StopRequested);
        await running.StopAsync();
        Move(ResourceTrigger.Stopped, change: snapshot => snapshot with { StopTimeStamp = Now, ProcessId = null, HealthStatus = null });
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private void SetHealth(HealthStatus status, string? reason)
    {
        Instance.Snapshot = Instance.Snapshot with { HealthStatus = status, Reason = reason };
        notifications.Publish(new ResourceEvent(Instance.Resource, Instance.Id, Instance.Snapshot));
        console.State(Instance.Id, reason is null ? $"{status}" : $"{status}: {reason}");
    }

    private void Fail(ResourceTrigger trigger, string reason) => Move(trigger, $"{KnownResourceStates.FailedToStart}: {reason}", snapshot => snapshot with { Reason = reason });

    private void Move(ResourceTrigger trigger, string? line = null, Func<CustomResourceSnapshot, CustomResourceSnapshot>? change = null)
    {
        var next = ResourceLifecycle.Next(Instance.State, trigger)
            ?? throw new InvalidOperationException($"'{trigger}' cannot happen to '{Instance.Id}' in the state '{Instance.State}'.");
        var snapshot = Instance.Snapshot with { State = next };
        Instance.Snapshot = change is null ? snapshot : change(snapshot);
        if (line is not "")
        {
            console.State(Instance.Id, line ?? next);
        }

        notifications.Publish(new ResourceEvent(Instance.Resource, Instance.Id, Instance.Snapshot));
    }
}
