using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Running;

/// <summary>An application of puppets, and everything that was told of them.</summary>
internal sealed class PuppetStage : IAsyncDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<ResourceEvent> _events = [];
    private DistributedApplication? _application;
    private Task _watching = Task.CompletedTask;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("Start the application first.");

    public IResourceBuilder<Puppet> Add(string name, bool hasHealthCheck = false, int replicas = 1) => Add(new Puppet(name), hasHealthCheck, replicas);

    public IResourceBuilder<Puppet> Add(Puppet puppet, bool hasHealthCheck = false, int replicas = 1)
    {
        var builder = _builder.AddResource(puppet)
            .WithAnnotation(new ResourceRunnerAnnotation(_ => puppet))
            .WithAnnotation(new ReplicaAnnotation(replicas));
        var key = $"{puppet.Name}_check";
        return hasHealthCheck
            ? builder.WithAnnotation(new HealthCheckAnnotation(key)).WithAnnotation(new HealthProbeAnnotation(key, (_, _) => Task.FromResult(puppet.Health)))
            : builder;
    }

    public async Task StartAsync()
    {
        _application = await _builder.BuildAsync(TestContext.Current.CancellationToken);
        _watching = WatchAsync(_application.ResourceNotifications, _stop.Token);
        await _application.StartAsync(TestContext.Current.CancellationToken);
    }

    public CustomResourceSnapshot Current(string id)
    {
        Application.ResourceNotifications.TryGetCurrentState(id, out var current);
        return current!.Snapshot;
    }

    public Task UntilAsync(string id, string state)
        => Eventually.TrueAsync(() => Position(id, state) >= 0, $"{id} is {state}; what happened:\n{string.Join('\n', History)}");

    public Task UntilUnhealthyAsync(string id)
        => Eventually.TrueAsync(() => Current(id) is { State.Text: "Running", HealthStatus: HealthStatus.Unhealthy }, $"{id} runs and is unhealthy");

    /// <summary>When a replica was first told to be in a state, or healthy; -1 if it never was.</summary>
    public int Position(string id, string state) => History.ToList().FindIndex(line => line.StartsWith($"{id} {state}", StringComparison.Ordinal));

    public int HealthyPosition(string id) => Position(id, "Running Healthy");

    public IReadOnlyList<string> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _events.Select(e => $"{e.ResourceId} {e.Snapshot.State?.Text} {e.Snapshot.HealthStatus} {e.Snapshot.Reason}")];
            }
        }
    }

    public async Task CommandAsync(string id, string command) =>
        (await Application.ResourceCommands.ExecuteCommandAsync(id, command, TestContext.Current.CancellationToken)).ErrorMessage.ShouldBeNull();

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(ResourceNotificationService notifications, CancellationToken stop)
    {
        await foreach (var change in notifications.WatchAsync(stop))
        {
            lock (_lock)
            {
                _events.Add(change);
            }
        }
    }
}
