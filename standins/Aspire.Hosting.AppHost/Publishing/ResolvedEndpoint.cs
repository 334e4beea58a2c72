using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>An endpoint with the ports it has once published.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="TargetPort">What the process listens on; null where whoever deploys it decides.</param>
/// <param name="ExposedPort">What others use, where that was decided.</param>
internal sealed record ResolvedEndpoint(EndpointAnnotation Endpoint, int? TargetPort, int? ExposedPort)
{
    /// <summary>The endpoints of a resource in the order they were added.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="ports">The ports of all that is published together.</param>
    public static IReadOnlyList<ResolvedEndpoint> Of(IResource resource, PublishedPorts ports)
    {
        var schemes = new HashSet<string>(StringComparer.Ordinal);
        return [.. resource.Annotations.OfType<EndpointAnnotation>().Select(Resolve)];

        ResolvedEndpoint Resolve(EndpointAnnotation endpoint)
        {
            // A project's first endpoint of either scheme is the one that whoever deploys it knows of.
            var isDefault = resource is ProjectResource && endpoint.IsHttp && schemes.Add(endpoint.UriScheme);
            int? target = endpoint switch
            {
                { TargetPort: { } port } => port,
                { Port: { } port } when resource is ContainerResource => port,
                _ when isDefault => null,
                _ => ports.Allocate(),
            };
            ports.Use(endpoint.Port);
            ports.Use(target);
            return new ResolvedEndpoint(endpoint, target, endpoint.Port);
        }
    }
}

/// <summary>Gives ports to endpoints that were given none: each another one, in everything that is published together.</summary>
internal sealed class PublishedPorts
{
    private readonly HashSet<int> _used = [];
    private int _next = 8000;

    public int Allocate()
    {
        while (_used.Contains(_next))
        {
            _next++;
        }

        return _next;
    }

    public void Use(int? port)
    {
        if (port is { } used)
        {
            _used.Add(used);
        }
    }
}
