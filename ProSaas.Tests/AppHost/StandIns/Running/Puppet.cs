using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProSaas.Tests.AppHost.StandIns.Running;

/// <summary>A resource without a process: the test says whether it starts, how it is and when it ends.</summary>
internal class Puppet(string name) : Resource(name), IResourceWithWaitSupport, IResourceRunner
{
    private readonly ConcurrentDictionary<string, RunningPuppet> _running = new(StringComparer.Ordinal);

    /// <summary>Why it cannot be started, if it cannot.</summary>
    public string? Refusal { get; set; }

    /// <summary>What its health check says, if it has one.</summary>
    public HealthCheckResult Health { get; set; } = HealthCheckResult.Unhealthy("not yet");

    /// <summary>Lets a replica end by itself.</summary>
    public void End(int exitCode, int? replica = null) => _running[replica is null ? Name : $"{Name}-{replica}"].End(exitCode);

    public Task<IRunningResource> StartAsync(ResourceInstance instance, CancellationToken cancellationToken) =>
        Refusal is null
            ? Task.FromResult<IRunningResource>(_running[instance.Id] = new RunningPuppet())
            : throw new DistributedApplicationException(Refusal);

    private sealed class RunningPuppet : IRunningResource
    {
        private readonly TaskCompletionSource<int?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int? ProcessId => null;

        public Task<int?> Completion => _end.Task;

        public void End(int? exitCode) => _end.TrySetResult(exitCode);

        public Task StopAsync()
        {
            End(null);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A puppet that lives inside another, as a database does inside its server.</summary>
internal sealed class PuppetChild(string name, Puppet parent) : Puppet(name), IResourceWithParent<Puppet>
{
    public Puppet Parent { get; } = parent;
}
