using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Writes the <c>docker-compose.yaml</c> of an environment and the <c>.env</c> file that goes with it.</summary>
internal sealed class ComposePublisher(DockerComposeEnvironmentResource environment, PipelineStepContext context)
{
    private const string NetworkName = "aspire";

    /// <summary>Writes both files into the output folder, or into the environment's own where there are several.</summary>
    /// <exception cref="DistributedApplicationException">The application has something that cannot be published.</exception>
    public async Task PublishAsync()
    {
        if (environment.DashboardEnabled)
        {
            throw Unsupported.Feature($"The Aspire dashboard as a service of the Docker Compose environment '{environment.Name}'",
                "Call WithDashboard(false) on the environment");
        }

        var variables = new CapturedVariables();
        var file = await BuildAsync(variables);
        environment.ConfigureComposeFile?.Invoke(file);
        environment.ConfigureEnvFile?.Invoke(variables.ByName);

        var output = context.Services.GetRequiredService<IPipelineOutputService>();
        var isOnly = context.Model.Resources.OfType<IComputeEnvironmentResource>().Count() == 1;
        var folder = Directory.CreateDirectory(isOnly ? output.GetOutputDirectory() : output.GetOutputDirectory(environment)).FullName;
        var path = Path.Combine(folder, "docker-compose.yaml");
        await using var task = await context.ReportingStep.CreateTaskAsync($"Writing {path}", context.CancellationToken);
        await File.WriteAllTextAsync(path, ComposeYaml.Write(file), context.CancellationToken);
        if (variables.ByName.Count > 0)
        {
            await EnvironmentFile.MergeAsync(Path.Combine(folder, ".env"), variables.ByName, context.CancellationToken);
        }

        await task.SucceedAsync($"Wrote {path}", context.CancellationToken);
    }

    private async Task<ComposeFile> BuildAsync(CapturedVariables variables)
    {
        var targets = context.Model.Resources
            .Select(resource => resource.GetDeploymentTargetAnnotation(environment)?.DeploymentTarget)
            .OfType<DockerComposeServiceResource>()
            .ToList();
        var names = targets.Select(target => DockerComposeServiceResource.ServiceName(target.Target)).ToHashSet(StringComparer.Ordinal);
        var builder = new ComposeServiceBuilder(
            names, new ComposeValues(context.Model, context.ExecutionContext, variables), variables, context);

        var file = new ComposeFile { Networks = { [NetworkName] = new Network { Name = NetworkName, Driver = "bridge" } } };
        foreach (var target in targets)
        {
            var service = await builder.BuildAsync(target.Target);
            service.Networks.Add(NetworkName);
            foreach (var volume in service.Volumes.Where(volume => volume.Type == "volume"))
            {
                file.Volumes.TryAdd(volume.Name, new Volume { Name = volume.Name, Driver = "local" });
            }

            foreach (var customization in target.Target.Annotations.OfType<ServiceCustomizationAnnotation>())
            {
                customization.Configure(target, service);
            }

            file.Services[service.Name] = service;
        }

        return file;
    }
}
