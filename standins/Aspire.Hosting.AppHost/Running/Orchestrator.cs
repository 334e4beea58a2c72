using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Starts every resource when what it waits for is ready, and stops them in the reverse order.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    IServiceProvider services,
    PortAllocator ports,
    StartupFailures failures) : IHostedService, IAsyncDisposable
{
    private readonly List<ResourceActor> _actors = [];
    private readonly SemaphoreSlim _stopping = new(1, 1);
    private bool _disposed;

    /// <summary>What the process should exit with.</summary>
    public int ExitCode => failures.Seen ? 1 : 0;

    public IReadOnlyList<ResourceActor> Actors => _actors;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WaitGraph.ThrowIfCyclic(model.Resources);
        ThrowIfContainer();
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            await parameter.GetValueAsync(cancellationToken);
        }

        foreach (var resource in model.Resources.Where(r => r is not ParameterResource))
        {
            var runner = RunnerOf(resource);
            _actors.AddRange(Instances(resource).Select(instance => ActivatorUtilities.CreateInstance<ResourceActor>(services, instance, runner)));
        }

        await ports.AllocateAsync([.. _actors.Select(actor => actor.Instance)], cancellationToken);
        failures.Watch(_actors);
        foreach (var actor in _actors)
        {
            await actor.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.WaitAsync(cancellationToken);
        try
        {
            await failures.StopWatchingAsync();
            var stops = new Dictionary<IResource, Task>();
            await Task.WhenAll(_actors.Select(actor => StopAfterDependents(actor.Instance.Resource)));

            Task StopAfterDependents(IResource resource)
            {
                if (!stops.TryGetValue(resource, out var stop))
                {
                    stops[resource] = stop = StopResourceAsync(resource, [.. WaitGraph.Dependents(resource, model.Resources).Select(StopAfterDependents)]);
                }

                return stop;
            }
        }
        finally
        {
            _stopping.Release();
        }
    }

    /// <summary>Starts one replica while the application runs, and what lives inside it.</summary>
    public async Task StartAsync(ResourceActor actor, CancellationToken cancellationToken)
    {
        await actor.StartAsync(cancellationToken);
        foreach (var child in ChildrenOf(actor))
        {
            await child.StartAsync(cancellationToken);
        }
    }

    /// <summary>Stops one replica while the application runs, and first what lives inside it. Those that waited for it stay as they are.</summary>
    public async Task StopAsync(ResourceActor actor)
    {
        await Task.WhenAll(ChildrenOf(actor).Select(child => child.StopAsync()));
        await actor.StopAsync();
    }

    public async Task RestartAsync(ResourceActor actor, CancellationToken cancellationToken)
    {
        await StopAsync(actor);
        await StartAsync(actor, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The container disposes of it once as what it is and once as a hosted service.
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync(CancellationToken.None);
        await ports.DisposeAsync();
        foreach (var actor in _actors)
        {
            actor.Dispose();
        }

        _stopping.Dispose();
    }

    /// <summary>An application without one of its parts is not what was described, so none of it is started.</summary>
    private void ThrowIfContainer()
    {
        var containers = model.Resources.OfType<ContainerResource>().Where(container => !container.Annotations.OfType<ResourceRunnerAnnotation>().Any()).ToList();
        if (containers.Count > 0)
        {
            throw new DistributedApplicationException(
                $"This engine runs no containers (AddContainer, AddDockerfile): {string.Join(", ", containers.Select(container => container.Name))}. Aspire does: build with -p:PackageFeed=full, where a container engine is installed.");
        }
    }

    private IEnumerable<ResourceActor> ChildrenOf(ResourceActor actor) =>
        _actors.Where(other => other.Instance.Resource is IResourceWithParent { Parent: var parent } && parent == actor.Instance.Resource);

    private static IEnumerable<ResourceInstance> Instances(IResource resource)
    {
        var replicas = resource.GetReplicaCount();
        return replicas == 1
            ? [new ResourceInstance(resource, resource.Name)]
            : Enumerable.Range(1, replicas).Select(number => new ResourceInstance(resource, $"{resource.Name}-{number}"));
    }

    private IResourceRunner RunnerOf(IResource resource) =>
        resource.Annotations.OfType<ResourceRunnerAnnotation>().LastOrDefault()?.Create(services) ?? services.GetRequiredService<ProcessRunner>();

    private async Task StopResourceAsync(IResource resource, Task[] dependents)
    {
        await Task.WhenAll(dependents);
        await Task.WhenAll(_actors.Where(actor => actor.Instance.Resource == resource).Select(actor => actor.StopAsync()));
    }
}
