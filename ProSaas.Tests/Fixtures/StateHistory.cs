using Aspire.Hosting.ApplicationModel;

namespace ProSaas.Tests.Fixtures;

/// <summary>The states that the resources were in, one after another, and what the health checks said.</summary>
internal sealed class StateHistory : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _states = [];
    private readonly List<string> _unhealthy = [];
    private readonly Task _watching;

    public StateHistory(ResourceNotificationService notifications) => _watching = WatchAsync(notifications);

    /// <summary>The resources of which a check failed: "postgres: 57P03: the database system is starting up".</summary>
    public IReadOnlyList<string> FailedChecks
    {
        get
        {
            lock (_states)
            {
                return [.. _unhealthy];
            }
        }
    }

    /// <summary>
    /// Where in the history each change, "postgres Running" or "postgres Healthy", first is; -1 where it is not.
    /// What was known at its beginning is no change.
    /// </summary>
    public IReadOnlyList<int> Positions(params string[] changes)
    {
        lock (_states)
        {
            return [.. changes.Select(change => _states.IndexOf(change))];
        }
    }

    /// <summary>As <see cref="Positions"/>, where it is last: a state of the run before can be told once more after a restart.</summary>
    public int LastPosition(string change)
    {
        lock (_states)
        {
            return _states.LastIndexOf(change);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(ResourceNotificationService notifications)
    {
        var last = new Dictionary<string, (string? State, string? Health)>(StringComparer.Ordinal);
        await foreach (var change in notifications.WatchAsync(_stop.Token))
        {
            var now = (State: change.Snapshot.State?.Text, Health: change.Snapshot.HealthStatus?.ToString());
            var isNew = !last.TryGetValue(change.ResourceId, out var before);
            last[change.ResourceId] = now;
            lock (_states)
            {
                if (!isNew && now.State != before.State)
                {
                    _states.Add($"{change.Resource.Name} {now.State}");
                }

                if (!isNew && now.Health != before.Health)
                {
                    _states.Add($"{change.Resource.Name} {now.Health}");
                }

                _unhealthy.AddRange(change.Snapshot.HealthReports
                    .Where(report => report.Status is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy)
                    .Select(report => $"{change.Resource.Name}: {report.Description}"));
            }
        }
    }
}

internal static class PositionAssertions
{
    public static void ShouldBeInOrder(this IReadOnlyList<int> positions)
    {
        positions.ShouldNotContain(-1);
        positions.ShouldBe(positions.Order());
    }
}
