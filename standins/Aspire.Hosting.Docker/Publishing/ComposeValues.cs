using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Says what values that are known later are in a Compose file: services reach each other by name.</summary>
internal sealed class ComposeValues
{
    private readonly CapturedVariables _variables;
    private readonly Dictionary<string, IReadOnlyList<ResolvedEndpoint>> _endpoints = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="variables">Collects the variables that the values refer to.</param>
    /// <param name="services">The resources that become services, in the order in which they get ports.</param>
    public ComposeValues(CapturedVariables variables, IEnumerable<IResource> services)
    {
        _variables = variables;
        var ports = new PublishedPorts();
        foreach (var service in services)
        {
            _endpoints[service.Name] = ResolvedEndpoint.Of(service, ports);
        }
    }

    public string Resolve(object value) => value switch
    {
        string text => text,
        ParameterResource parameter => _variables.Parameter(parameter),
        EndpointReference endpoint => Endpoint(endpoint, EndpointProperty.Url),
        EndpointReferenceExpression part => Endpoint(part.Endpoint, part.Property),
        ConnectionStringReference connection => Resolve(connection.Resource.ConnectionStringExpression),
        IResourceWithConnectionString resource => Resolve(resource.ConnectionStringExpression),
        // Compose has no filters: a value that must be encoded must be given so.
        ReferenceExpression expression => string.Concat(expression.Parts.Select(part => part.Provider is null ? part.Literal : Resolve(part.Provider))),
        _ => throw new DistributedApplicationException($"A value of type {value.GetType().Name} cannot be written to a Compose file by this engine."),
    };

    /// <summary>The endpoints of a resource that is a service.</summary>
    public IReadOnlyList<ResolvedEndpoint> Endpoints(IResource resource) => _endpoints[resource.Name];

    /// <summary>The port that a service itself listens on.</summary>
    public string TargetPort(IResource resource, ResolvedEndpoint endpoint) =>
        endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture) ?? _variables.Port(resource);

    private string Endpoint(EndpointReference reference, EndpointProperty property)
    {
        var resource = reference.Resource;
        if (!_endpoints.TryGetValue(resource.Name, out var endpoints))
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' is not a service of the Compose file, so nothing in it can refer to its endpoint '{reference.EndpointName}': publish it too, a program with PublishAsDockerFile.");
        }

        var endpoint = endpoints.First(resolved => resolved.Endpoint == reference.Annotation);
        return property switch
        {
            EndpointProperty.Host => resource.Name,
            EndpointProperty.Url => $"{endpoint.Endpoint.UriScheme}://{resource.Name}:{TargetPort(resource, endpoint)}",
            _ => TargetPort(resource, endpoint),
        };
    }
}
