using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Says what values that are known later are in a Compose file: services reach each other by name.</summary>
internal sealed class ComposeValues(CapturedVariables variables)
{
    public string Resolve(object value) => value switch
    {
        string text => text,
        ParameterResource parameter => variables.Parameter(parameter),
        EndpointReference endpoint => Endpoint(endpoint, EndpointProperty.Url),
        EndpointReferenceExpression part => Endpoint(part.Endpoint, part.Property),
        ConnectionStringReference connection => Resolve(connection.Resource.ConnectionStringExpression),
        IResourceWithConnectionString resource => Resolve(resource.ConnectionStringExpression),
        // Compose has no filters: a value that must be encoded must be given so.
        ReferenceExpression expression => string.Concat(expression.Parts.Select(part => part.Provider is null ? part.Literal : Resolve(part.Provider))),
        _ => throw new DistributedApplicationException($"A value of type {value.GetType().Name} cannot be written to a Compose file by this engine."),
    };

    /// <summary>The port that a service itself listens on.</summary>
    public string TargetPort(IResource resource, ResolvedEndpoint endpoint) =>
        endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture) ?? variables.Port(resource);

    private string Endpoint(EndpointReference reference, EndpointProperty property)
    {
        var resource = reference.Resource;
        var endpoint = ResolvedEndpoint.Of(resource).First(resolved => resolved.Endpoint == reference.Annotation);
        var host = resource.Name.ToLowerInvariant();
        return property switch
        {
            EndpointProperty.Host => host,
            EndpointProperty.Url => $"{endpoint.Endpoint.UriScheme}://{host}:{TargetPort(resource, endpoint)}",
            _ => TargetPort(resource, endpoint),
        };
    }
}
