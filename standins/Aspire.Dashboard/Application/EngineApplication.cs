using System.Collections.Concurrent;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Control;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Dashboard.Application;

/// <summary>The application that the engine runs in this process.</summary>
internal sealed class EngineApplication(
    Orchestrator orchestrator,
    ResourceControl control,
    ResourceNotificationService notifications,
    AppHostIdentity identity,
    TimeProvider time) : IApplication
{
    /// <summary>The processes that have been healthy: a new one of the same replica has yet to be.</summary>
    private readonly ConcurrentDictionary<string, DateTime?> _wasHealthy = new(StringComparer.Ordinal);

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => identity.ApplicationName;

    public ChangeSignal Changes { get; } = new(time);

    /// <summary>Ends when each resource has been healthy or has ended, while the changes are followed.</summary>
    public Task Settled => _settled.Task;

    public IReadOnlyList<ApplicationResource> GetResources()
    {
        var views = control.List().ToDictionary(view => view.Name, StringComparer.Ordinal);
        return [.. orchestrator.Actors.ToArray().Where(actor => views.ContainsKey(actor.Instance.Id)).Select(actor => Of(actor.Instance, views[actor.Instance.Id]))];
    }

    public async Task<ResourceCommandResult> ExecuteAsync(string resource, string command, bool isConfirmed)
    {
        var outcome = await control.ExecuteAsync(resource, command, isConfirmed);
        return new(outcome.Status == CommandStatus.Done, outcome.Message);
    }

    /// <summary>Follows the changes of the resources until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var settled = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Snapshot.HealthStatus == HealthStatus.Healthy)
            {
                _wasHealthy[change.ResourceId] = change.Snapshot.StartTimeStamp;
            }

            if (change.Snapshot.HealthStatus == HealthStatus.Healthy || KnownResourceStates.Terminal.Contains(change.Snapshot.State?.Text ?? ""))
            {
                settled.Add(change.ResourceId);
                if (settled.Count == orchestrator.Actors.Count)
                {
                    _settled.TrySetResult();
                }
            }

            Changes.Raise();
        }
    }

    private ApplicationResource Of(ResourceInstance instance, ResourceView view)
    {
        var snapshot = instance.Snapshot;
        return new(
            view.Name,
            instance.Resource.Name,
            view.Type,
            view.State,
            Phase(instance.Id, snapshot),
            snapshot.HealthStatus?.ToString(),
            snapshot.Reason,
            snapshot.ExitCode,
            snapshot.StartTimeStamp,
            snapshot.StopTimeStamp,
            snapshot.ProcessId,
            [.. WaitGraph.Waits(instance.Resource).Select(wait => wait.Resource.Name)],
            [.. view.Urls.Select(url => new ResourceUrl(url.Url, url.Text))],
            [.. view.Commands.Select(command => new ResourceCommand(command.Name, command.DisplayName, command.Description, command.ConfirmationMessage, command.IsHighlighted, command.IsEnabled))]);
    }

    private ResourcePhase Phase(string id, CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text;
        return state switch
        {
            _ when state == KnownResourceStates.Waiting => ResourcePhase.Waiting,
            _ when state == KnownResourceStates.Starting => ResourcePhase.Starting,
            _ when state == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy => ResourcePhase.Running,
            _ when state == KnownResourceStates.Running => _wasHealthy.TryGetValue(id, out var process) && process == snapshot.StartTimeStamp ? ResourcePhase.Unhealthy : ResourcePhase.Starting,
            _ when state == KnownResourceStates.Stopping => ResourcePhase.Stopping,
            _ when state == KnownResourceStates.Exited => ResourcePhase.Stopped,
            _ when state == KnownResourceStates.Finished => snapshot.ExitCode is null or 0 ? ResourcePhase.Finished : ResourcePhase.Failed,
            _ when state == KnownResourceStates.FailedToStart => ResourcePhase.Failed,
            _ => ResourcePhase.NotStarted,
        };
    }
}
