using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources;

namespace Aspire.Hosting.Docker;

/// <summary>A machine that runs the application with Docker Compose.</summary>
public sealed class DockerComposeEnvironmentResource(string name) : Resource(name)
{
    internal bool DashboardEnabled { get; set; } = true;

    internal List<Action<ComposeFile>> FileConfigurations { get; } = [];

    internal List<Action<IDictionary<string, CapturedEnvironmentVariable>>> EnvironmentConfigurations { get; } = [];
}

/// <summary>A resource as a service of a Compose file.</summary>
public sealed class DockerComposeServiceResource : Resource, IResourceWithParent<DockerComposeEnvironmentResource>
{
    internal DockerComposeServiceResource(string name, DockerComposeEnvironmentResource environment)
        : base(name) => Parent = environment;

    /// <summary>The environment that runs it.</summary>
    public DockerComposeEnvironmentResource Parent { get; }
}
