using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Makes the service of one resource.</summary>
internal sealed class ComposeServiceBuilder(IResource resource, DistributedApplicationExecutionContext context, ComposeValues values, CapturedVariables variables)
{
    public Service Build()
    {
        var isBuilt = resource is ProjectResource || resource.Annotations.OfType<DockerfileBuildAnnotation>().Any();
        var service = new Service { Name = resource.Name.ToLowerInvariant(), Image = isBuilt ? variables.Image(resource) : resource.Image() };
        service.Command.AddRange(resource.CommandLineArguments());
        AddEnvironment(service);
        AddPorts(service);
        AddVolumes(service);
        AddDependencies(service);
        return service;
    }

    private void AddEnvironment(Service service)
    {
        foreach (var (name, value) in resource.EvaluateEnvironment(context))
        {
            // There are no certificates in the services, so nobody is pointed at https.
            if (value is EndpointReference { Annotation.UriScheme: "https" } && name.StartsWith("services__", StringComparison.Ordinal))
            {
                continue;
            }

            service.AddEnvironmentalVariable(name, values.Resolve(value));
        }
    }

    private void AddPorts(Service service)
    {
        foreach (var endpoint in values.Endpoints(resource))
        {
            var target = values.TargetPort(resource, endpoint);
            var (list, entry) = endpoint.Endpoint switch
            {
                { IsExternal: false } => (service.Expose, target),
                { Port: { } port } => (service.Ports, $"{port}:{target}"),
                _ => (service.Ports, target),
            };
            if (!list.Contains(entry, StringComparer.Ordinal))
            {
                list.Add(entry);
            }
        }
    }

    private void AddVolumes(Service service) => service.Volumes.AddRange(resource.Annotations.OfType<ContainerMountAnnotation>().Select(mount => new Volume
    {
        Name = mount.Source ?? throw new DistributedApplicationException($"A volume of '{resource.Name}' has no name."),
        Type = mount.Type == ContainerMountType.BindMount ? "bind" : "volume",
        Target = mount.Target,
        Source = mount.Source,
        ReadOnly = mount.IsReadOnly,
    }));

    private void AddDependencies(Service service)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>().Where(wait => wait.Resource is ProjectResource || wait.Resource.IsPublishedContainer()))
        {
            service.DependsOn[wait.Resource.Name.ToLowerInvariant()] = new ServiceDependency
            {
                Condition = wait.WaitType == WaitType.WaitForCompletion ? "service_completed_successfully" : "service_started",
            };
        }
    }
}
