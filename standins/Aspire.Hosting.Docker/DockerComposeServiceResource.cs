using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker;

/// <summary>A resource as a service of a Compose file.</summary>
public sealed class DockerComposeServiceResource : Resource, IResourceWithParent<DockerComposeEnvironmentResource>
{
    internal DockerComposeServiceResource(IResource target, DockerComposeEnvironmentResource environment)
        : base(target.Name)
    {
        Target = target;
        Parent = environment;
    }

    /// <summary>The environment that the service runs in.</summary>
    public DockerComposeEnvironmentResource Parent { get; }

    internal IResource Target { get; }

    /// <summary>The name of a resource's service. Compose allows small letters only.</summary>
    internal static string ServiceName(IResource resource) => resource.Name.ToLowerInvariant();
}
