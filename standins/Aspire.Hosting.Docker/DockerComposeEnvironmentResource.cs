using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources;

namespace Aspire.Hosting.Docker;

/// <summary>A machine that runs the application's containers with Docker Compose.</summary>
public sealed class DockerComposeEnvironmentResource : Resource, IComputeEnvironmentResource
{
    internal DockerComposeEnvironmentResource(string name)
        : base(name)
    {
    }

    internal bool DashboardEnabled { get; set; } = true;

    internal Action<ComposeFile>? ConfigureComposeFile { get; set; }

    internal Action<IDictionary<string, CapturedEnvironmentVariable>>? ConfigureEnvFile { get; set; }

    ReferenceExpression IComputeEnvironmentResource.GetHostAddressExpression(EndpointReference endpointReference) =>
        ReferenceExpression.Create($"{DockerComposeServiceResource.ServiceName(endpointReference.Resource)}");

    /// <summary>Makes this environment the target of the resources that run in it: those bound to it, and those bound to none.</summary>
    internal void AddDeploymentTargets(DistributedApplicationModel model)
    {
        foreach (var resource in model.GetComputeResources().Where(resource => (resource.GetComputeEnvironment() ?? this) == this))
        {
            resource.Annotations.Add(
                new DeploymentTargetAnnotation(new DockerComposeServiceResource(resource, this)) { ComputeEnvironment = this });
        }
    }
}
