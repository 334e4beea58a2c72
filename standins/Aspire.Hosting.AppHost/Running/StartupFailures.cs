using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>
/// With the setting <c>StopOnFailure</c>, a resource that fails while the application starts stops the application, unless
/// <c>StopOnFailure:Except</c> names it. Without it the application stays up with what it has.
/// </summary>
internal sealed class StartupFailures(
    IConfiguration configuration,
    ResourceNotificationService notifications,
    IResourceConsole console,
    IHostApplicationLifetime lifetime) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Whether a resource failed.</summary>
    public bool Seen { get; private set; }

    public void Watch(IReadOnlyList<ResourceActor> actors)
    {
        if (configuration.GetValue("StopOnFailure", defaultValue: false))
        {
            _watching = WatchAsync(actors.Count(actor => !IsExcepted(actor.Instance.Resource)), _stop.Token);
        }
    }

    public Task StopWatchingAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(int resources, CancellationToken cancellationToken)
    {
        var up = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (IsExcepted(change.Resource))
            {
                continue;
            }

            var snapshot = change.Snapshot;
            if (Failure(change.Resource, snapshot, up.Contains(change.ResourceId)) is { } failure)
            {
                Seen = true;
                console.Host($"{change.ResourceId} {failure}. Its console lines above say why; everything is stopped.", isError: true);
                lifetime.StopApplication();
                return;
            }

            if (snapshot.HealthStatus == HealthStatus.Healthy || snapshot.State?.Text == KnownResourceStates.Finished)
            {
                up.Add(change.ResourceId);
            }

            if (up.Count == resources)
            {
                return;
            }
        }
    }

    private bool IsExcepted(IResource resource) => resource.Name.Equals(configuration["StopOnFailure:Except"], StringComparison.OrdinalIgnoreCase);

    private static string? Failure(IResource resource, CustomResourceSnapshot snapshot, bool wasUp)
    {
        if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            return $"failed to start: {snapshot.Reason}";
        }

        // Without a health check a resource counts as up from its first moment, so its exit code decides.
        var hasHealthCheck = resource.Annotations.OfType<HealthCheckAnnotation>().Any();
        return snapshot.State?.Text == KnownResourceStates.Finished && (hasHealthCheck ? !wasUp : snapshot.ExitCode is not (null or 0))
            ? $"ended with exit code {snapshot.ExitCode} before the application was up"
            : null;
    }
}
