using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>
/// Says what the values of an application are in its Compose file: services reach each other by name,
/// and parameters are variables.
/// </summary>
internal sealed class ComposeValues
{
    private readonly DistributedApplicationExecutionContext _context;
    private readonly CapturedVariables _variables;
    private readonly Dictionary<string, IReadOnlyList<ResolvedEndpoint>> _endpoints = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="model">The application. Ports that nobody chose are counted in the order of its resources.</param>
    /// <param name="context">How the application is executed.</param>
    /// <param name="variables">Collects the variables that values refer to.</param>
    public ComposeValues(DistributedApplicationModel model, DistributedApplicationExecutionContext context, CapturedVariables variables)
    {
        _context = context;
        _variables = variables;
        var ports = new PortAllocator();
        foreach (var resource in model.Resources.Where(HasHost))
        {
            _endpoints[resource.Name] = resource.ResolveEndpoints(ports);
        }
    }

    /// <summary>The endpoints of a resource that is published.</summary>
    public IReadOnlyList<ResolvedEndpoint> Endpoints(IResource resource) => _endpoints[resource.Name];

    /// <summary>The port that a resource itself listens on; a variable where the project decides it.</summary>
    public string TargetPort(IResource resource, ResolvedEndpoint endpoint) =>
        endpoint.TargetPort.Value?.ToString(CultureInfo.InvariantCulture) ?? _variables.Port(resource);

    /// <summary>The text that a value has in the Compose file.</summary>
    /// <exception cref="DistributedApplicationException">The value is of a resource that is not published.</exception>
    public async Task<string> ResolveAsync(object value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case IResourceBuilder<IResource> builder:
                return await ResolveAsync(builder.Resource, cancellationToken);
            case ParameterResource parameter:
                return _variables.Parameter(parameter);
            case EndpointReference endpoint:
                return Endpoint(endpoint, EndpointProperty.Url);
            case EndpointReferenceExpression part:
                return Endpoint(part.Endpoint, part.Property);
            case ConnectionStringReference connection:
                return await ResolveAsync(connection.ConnectionStringExpression, cancellationToken);
            case IResource redirected when redirected.TryGetLastAnnotation<ConnectionStringRedirectAnnotation>(out var redirect):
                return await ResolveAsync(redirect.Resource, cancellationToken);
            case IResourceWithConnectionString resource:
                return await ResolveAsync(resource.ConnectionStringExpression, cancellationToken);
            case ReferenceExpression { IsConditional: true } conditional:
                // Compose has no conditions, so the branch is chosen now.
                var actual = await conditional.Condition!.GetValueAsync(
                    new ValueProviderContext { ExecutionContext = _context }, cancellationToken);
                var isTrue = string.Equals(actual, conditional.MatchValue, StringComparison.OrdinalIgnoreCase);
                return await ResolveAsync(isTrue ? conditional.WhenTrue! : conditional.WhenFalse!, cancellationToken);
            case ReferenceExpression expression:
                // Compose has no filters either: a value that must be encoded must be given so.
                var values = new List<object>();
                foreach (var provider in expression.ValueProviders)
                {
                    values.Add(await ResolveAsync(provider, cancellationToken));
                }

                return string.Format(CultureInfo.InvariantCulture, expression.Format, [.. values]);
            case IManifestExpressionProvider expression:
                return _variables.Expression(expression);
            default:
                return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
    }

    /// <summary>Whether a resource has a name on the network, be it in this Compose file or beside it.</summary>
    private static bool HasHost(IResource resource) =>
        resource is ProjectResource || resource.IsContainer() || resource.IsEmulator() || resource.RequiresImageBuild();

    private string Endpoint(EndpointReference reference, EndpointProperty property)
    {
        var resource = reference.Resource;
        if (!_endpoints.TryGetValue(resource.Name, out var endpoints))
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' is not in the Compose file, but another resource refers to its endpoint '{reference.EndpointName}'. Publish it too (an executable with PublishAsDockerFile), or refer to it in run mode only.");
        }

        var endpoint = endpoints.First(resolved => resolved.Endpoint == reference.EndpointAnnotation);
        var port = TargetPort(resource, endpoint);
        return property switch
        {
            EndpointProperty.Url => $"{reference.Scheme}://{resource.Name}:{port}",
            EndpointProperty.Host or EndpointProperty.IPV4Host => resource.Name,
            EndpointProperty.Port or EndpointProperty.TargetPort => port,
            EndpointProperty.HostAndPort => $"{resource.Name}:{port}",
            EndpointProperty.Scheme => reference.Scheme,
            EndpointProperty.TlsEnabled => reference.TlsEnabled.ToString(),
            _ => throw Unsupported.Feature(
                $"The property '{property}' of the endpoint '{reference.EndpointName}' of '{resource.Name}'", "Use another property"),
        };
    }
}
