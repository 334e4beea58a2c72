using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its address before anything starts, and forwards where a process does not listen there itself.</summary>
internal sealed class PortAllocator(IConfiguration configuration) : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";
    private readonly List<TcpForwarder> _forwarders = [];
    private readonly Dictionary<int, string> _taken = [];

    private bool RandomizePorts => configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);

    /// <summary>Gives every endpoint of every replica its ports.</summary>
    /// <exception cref="DistributedApplicationException">A port that was asked for is in use.</exception>
    public async Task AllocateAsync(IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        foreach (var replicas in instances.GroupBy(instance => instance.Resource))
        {
            foreach (var endpoint in replicas.Key.Annotations.OfType<EndpointAnnotation>())
            {
                await AllocateAsync(endpoint, [.. replicas], cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in _forwarders)
        {
            await forwarder.DisposeAsync();
        }
    }

    private async Task AllocateAsync(EndpointAnnotation endpoint, List<ResourceInstance> replicas, CancellationToken cancellationToken)
    {
        var resource = replicas[0].Resource;
        // What a container listens on inside says nothing about this machine.
        var target = resource is ContainerResource ? null : endpoint.TargetPort;
        var wanted = endpoint.Port is null && replicas.Count == 1 ? target : endpoint.Port;
        var port = wanted is null || (RandomizePorts && endpoint.IsProxied) ? FreePort(resource) : Require(wanted.Value, resource);
        endpoint.Allocated = new AllocatedEndpoint(Loopback, port);

        foreach (var replica in replicas)
        {
            replica.TargetPorts[endpoint.Name] = replicas.Count > 1 ? FreePort(resource)
                : target is null || target == port ? port
                : Require(target.Value, resource);
            replica.Snapshot = replica.Snapshot with { Addresses = [.. replica.Snapshot.Addresses, $"{endpoint.UriScheme}://{Loopback}:{port}"] };
        }

        if (replicas.Exists(replica => replica.TargetPorts[endpoint.Name] != port))
        {
            var forwarder = new TcpForwarder(port, [.. replicas.Select(replica => replica.TargetPorts[endpoint.Name])]);
            _forwarders.Add(forwarder);
            await forwarder.StartAsync(cancellationToken);
        }
    }

    private int Require(int port, IResource resource)
    {
        if (!_taken.TryAdd(port, resource.Name))
        {
            throw new DistributedApplicationException($"Port {port} is given to {_taken[port]} and to {resource.Name}: give one of them another.");
        }

        if (IsFree(port))
        {
            return port;
        }

        var key = configuration.AsEnumerable().Select(setting => (setting.Key, setting.Value))
            .FirstOrDefault(setting => setting.Key.EndsWith("_PORT", StringComparison.OrdinalIgnoreCase) && setting.Value == $"{port}").Key;
        var remedy = key is null ? "free it" : $"free it, or set {key} to another";
        throw new DistributedApplicationException($"Port {port}, which {resource.Name} needs, is in use: {remedy}.");
    }

    private int FreePort(IResource resource)
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (_taken.TryAdd(port, resource.Name))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
