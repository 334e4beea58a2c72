using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Makes the services of a Compose file.</summary>
/// <param name="services">The names of all services.</param>
/// <param name="values">What the values of the application are in the file.</param>
/// <param name="variables">Collects the variables that the services refer to.</param>
/// <param name="context">The publishing step.</param>
internal sealed partial class ComposeServiceBuilder(
    IReadOnlySet<string> services, ComposeValues values, CapturedVariables variables, PipelineStepContext context)
{
    // Its place is the same on every machine.
    private const string DockerSocket = "/var/run/docker.sock";

    /// <summary>Makes the service of one resource.</summary>
    /// <exception cref="DistributedApplicationException">The resource has something that cannot be published.</exception>
    public async Task<Service> BuildAsync(IResource resource)
    {
        RefuseFiles(resource);
        var service = new Service
        {
            Name = DockerComposeServiceResource.ServiceName(resource),
            Image = Image(resource),
            ContainerName = resource.TryGetLastAnnotation<ContainerNameAnnotation>(out var container) ? container.Name : null,
            PullPolicy = PullPolicy(resource),
        };
        if (resource is ContainerResource { Entrypoint: { } entrypoint })
        {
            service.Entrypoint.Add(entrypoint);
        }

        await AddConfigurationAsync(service, resource);
        AddPorts(service, resource);
        AddVolumes(service, resource);
        AddDependencies(service, resource);
        return service;
    }

    private static void RefuseFiles(IResource resource)
    {
        if (resource.HasAnnotationOfType<ContainerFileSystemCallbackAnnotation>())
        {
            throw Unsupported.Feature(
                $"WithContainerFiles, which '{resource.Name}' uses,", "Add the files to its image, or as configs to the Compose file");
        }

        if (resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build) && build.DockerfileFactory is not null)
        {
            throw Unsupported.Feature($"A Dockerfile made by code, which '{resource.Name}' has,", "Write the Dockerfile as a file");
        }
    }

    /// <summary>An image that is built is named by whoever builds it.</summary>
    private string? Image(IResource resource) =>
        resource.RequiresImageBuild() ? variables.Image(resource)
        : resource.TryGetContainerImageName(out var image) ? image
        : null;

    private static string? PullPolicy(IResource resource) =>
        resource.TryGetLastAnnotation<ContainerImagePullPolicyAnnotation>(out var pull) && pull.ImagePullPolicy != ImagePullPolicy.Default
            ? pull.ImagePullPolicy.ToString().ToLowerInvariant()
            : null;

    private async Task AddConfigurationAsync(Service service, IResource resource)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(resource)
            .WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(context.ExecutionContext, context.Logger, context.CancellationToken);
        if (configuration.Exception is { } exception)
        {
            throw new DistributedApplicationException(
                $"The arguments or environment variables of '{resource.Name}' cannot be published: {exception.GetBaseException().Message}",
                exception);
        }

        foreach (var (name, (value, _)) in configuration.EnvironmentVariablesWithUnprocessed)
        {
            // There are no certificates in the services, so nobody is pointed at https.
            if (value is not EndpointReference { IsHttps: true } || !name.StartsWith("services__", StringComparison.Ordinal))
            {
                service.AddEnvironmentalVariable(name, await values.ResolveAsync(value, context.CancellationToken));
            }
        }

        // A shell in the container fills in variables, not Compose.
        var isShell = service.Entrypoint is [var entrypoint] && Path.GetFileName(entrypoint) is "sh" or "bash";
        foreach (var (value, _, _) in configuration.ArgumentsWithUnprocessed)
        {
            var argument = await values.ResolveAsync(value, context.CancellationToken);
            service.Command.Add(isShell ? ShellVariable().Replace(argument, "$$$$") : argument);
        }
    }

    private void AddPorts(Service service, IResource resource)
    {
        foreach (var resolved in values.Endpoints(resource))
        {
            var target = values.TargetPort(resource, resolved);
            var isChosen = resolved.ExposedPort is { IsAllocated: false, IsImplicit: false, Value: not null };
            var entry = isChosen && resolved.Endpoint.IsExternal
                ? $"{resolved.ExposedPort.Value!.Value.ToString(CultureInfo.InvariantCulture)}:{target}"
                : target;
            var ports = resolved.Endpoint.IsExternal ? service.Ports : service.Expose;
            if (!ports.Contains(entry, StringComparer.Ordinal))
            {
                ports.Add(entry);
            }
        }
    }

    private void AddVolumes(Service service, IResource resource)
    {
        var bindMounts = 0;
        foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>())
        {
            var source = mount.Source ?? throw new DistributedApplicationException(
                $"The volume of '{resource.Name}' at '{mount.Target}' cannot be published, because it has no name: give it one where it is added.");
            var isBind = mount.Type == ContainerMountType.BindMount;
            service.Volumes.Add(new Volume
            {
                Name = source,
                Type = isBind ? "bind" : "volume",
                Target = mount.Target,
                Source = isBind && source != DockerSocket ? variables.BindMount(resource, bindMounts++, mount.Target) : source,
                ReadOnly = mount.IsReadOnly,
            });
        }
    }

    /// <summary>A service can wait for other services only.</summary>
    private void AddDependencies(Service service, IResource resource)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            var dependency = DockerComposeServiceResource.ServiceName(wait.Resource);
            if (services.Contains(dependency))
            {
                service.DependsOn[dependency] = new ServiceDependency
                {
                    Condition = wait.WaitType == WaitType.WaitForCompletion ? "service_completed_successfully" : "service_started",
                };
            }
        }
    }

    [GeneratedRegex(@"(?<!\$)\$(?=[A-Za-z_{])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellVariable();
}
