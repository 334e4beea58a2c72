using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Writes <c>docker-compose.yaml</c> and the <c>.env</c> file that goes with it.</summary>
internal sealed class ComposePublisher(
    DockerComposeEnvironmentResource environment, DistributedApplicationModel model, DistributedApplicationExecutionContext context)
{
    private const string NetworkName = "aspire";

    /// <summary>Writes both files into a folder.</summary>
    /// <exception cref="DistributedApplicationException">The application has something that this engine cannot publish.</exception>
    public async Task PublishAsync(string folder, CancellationToken cancellationToken)
    {
        if (environment.DashboardEnabled)
        {
            throw new DistributedApplicationException(
                $"The dashboard of the compose environment '{environment.Name}' is not supported by this engine: call WithDashboard(false), or publish with -p:PackageFeed=full.");
        }

        var variables = new CapturedVariables();
        var file = Build(variables);
        environment.FileConfigurations.ForEach(configure => configure(file));
        environment.EnvironmentConfigurations.ForEach(configure => configure(variables.ByName));

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.yaml"), ComposeYaml.Write(file), cancellationToken);
        if (variables.ByName.Count > 0)
        {
            await EnvironmentFile.MergeAsync(Path.Combine(folder, ".env"), variables.ByName, cancellationToken);
        }
    }

    private ComposeFile Build(CapturedVariables variables)
    {
        var resources = model.Resources.Where(IsService).ToList();
        var values = new ComposeValues(variables, resources);
        var file = new ComposeFile { Networks = { [NetworkName] = new Network { Name = NetworkName, Driver = "bridge" } } };
        foreach (var resource in resources)
        {
            var service = new ComposeServiceBuilder(resource, context, values, variables).Build();
            service.Networks.Add(NetworkName);
            foreach (var volume in service.Volumes.Where(volume => volume.Type == "volume"))
            {
                file.Volumes.TryAdd(volume.Name, new Volume { Name = volume.Name, Driver = "local" });
            }

            var parent = new DockerComposeServiceResource(resource.Name, environment);
            foreach (var configuration in resource.Annotations.OfType<ServiceConfigurationAnnotation>())
            {
                configuration.Configure(parent, service);
            }

            file.Services[service.Name] = service;
        }

        return file;
    }

    private static bool IsService(IResource resource) => resource is ProjectResource || resource.IsPublishedContainer();
}
