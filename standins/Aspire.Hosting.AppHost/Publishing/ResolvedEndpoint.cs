using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>An endpoint with the ports it has once published.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="TargetPort">What the process listens on; null where whoever deploys it decides.</param>
/// <param name="ExposedPort">What others use, where that differs and was decided.</param>
internal sealed record ResolvedEndpoint(EndpointAnnotation Endpoint, int? TargetPort, int? ExposedPort)
{
    private const int FirstAllocatedPort = 8000;

    /// <summary>The endpoints of a resource in the order they were added.</summary>
    public static IReadOnlyList<ResolvedEndpoint> Of(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var used = endpoints.Select(endpoint => endpoint.TargetPort).ToHashSet();
        var schemes = new HashSet<string>(StringComparer.Ordinal);
        var next = FirstAllocatedPort;
        return [.. endpoints.Select(Resolve)];

        ResolvedEndpoint Resolve(EndpointAnnotation endpoint)
        {
            var isWeb = endpoint.UriScheme is "http" or "https";
            var isDefault = resource is ProjectResource && isWeb && schemes.Add(endpoint.UriScheme);
            int? target = endpoint switch
            {
                { TargetPort: { } port } => port,
                { Port: { } port } when resource is ContainerResource => port,
                _ when isDefault => null,
                _ => Allocate(),
            };
            var exposed = endpoint.Port == target ? null : endpoint.Port;
            return new ResolvedEndpoint(endpoint, target, exposed ?? (target is null && !isWeb ? Allocate() : null));
        }

        int Allocate()
        {
            while (!used.Add(next))
            {
                next++;
            }

            return next;
        }
    }
}
