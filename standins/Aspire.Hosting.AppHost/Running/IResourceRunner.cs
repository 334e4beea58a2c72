using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Knows how to start one kind of resource.</summary>
internal interface IResourceRunner
{
    /// <summary>Starts one replica.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be started; the message says why and what to do.</exception>
    Task<IRunningResource> StartAsync(ResourceInstance instance, CancellationToken cancellationToken);
}

/// <summary>A replica that runs.</summary>
internal interface IRunningResource : IAsyncDisposable
{
    /// <summary>Its process, or null if it has none of its own.</summary>
    int? ProcessId { get; }

    /// <summary>Ends with the exit code when the process ends; an exit code of null is an end that nothing went wrong with.</summary>
    Task<int?> Completion { get; }

    /// <summary>Asks it to end, and makes it end if it does not.</summary>
    Task StopAsync();
}

/// <summary>The resource is started by something else than the engine's own runner of processes.</summary>
/// <param name="create">Makes the runner from the host's services.</param>
internal sealed class ResourceRunnerAnnotation(Func<IServiceProvider, IResourceRunner> create) : IResourceAnnotation
{
    public Func<IServiceProvider, IResourceRunner> Create { get; } = create;
}

/// <summary>How a health check looks.</summary>
/// <param name="key">The name of the check, as in a <see cref="HealthCheckAnnotation"/>.</param>
/// <param name="probe">Looks once at one replica.</param>
internal sealed class HealthProbeAnnotation(string key, Func<ResourceInstance, CancellationToken, Task<HealthCheckResult>> probe) : IResourceAnnotation
{
    public string Key { get; } = key;

    public Func<ResourceInstance, CancellationToken, Task<HealthCheckResult>> Probe { get; } = probe;
}
