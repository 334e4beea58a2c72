namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource is told addresses of another: all of them in one place, in the order in which the other has its endpoints.</summary>
/// <param name="source">The other resource.</param>
internal sealed class EndpointReferenceAnnotation(IResourceWithEndpoints source) : IResourceAnnotation
{
    public IResourceWithEndpoints Source { get; } = source;

    public HashSet<string> EndpointNames { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void AddVariables(EnvironmentCallbackContext context)
    {
        foreach (var endpoint in Source.Annotations.OfType<EndpointAnnotation>().Where(endpoint => EndpointNames.Contains(endpoint.Name)))
        {
            var reference = new EndpointReference(Source, endpoint.Name);
            context.EnvironmentVariables[$"{ResourceName.AsVariable(Source.Name)}_{ResourceName.AsVariable(endpoint.Name)}"] = reference;
            context.EnvironmentVariables[$"services__{Source.Name}__{endpoint.Name}__0"] = reference;
        }
    }
}
