using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Publishing;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting;

/// <summary>Extension methods that add a Docker Compose environment to an application.</summary>
public static class DockerComposeEnvironmentExtensions
{
    /// <summary>
    /// Adds an environment that the application is published to as <c>docker-compose.yaml</c> and <c>.env</c>.
    /// It has no part in run mode.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The environment's name. The step <c>publish-{name}</c> of the pipeline writes the files.</param>
    /// <returns>The environment's builder.</returns>
    public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(
        this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var environment = new DockerComposeEnvironmentResource(name);
        if (builder.ExecutionContext.IsRunMode)
        {
            return builder.CreateResourceBuilder(environment);
        }

        builder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            environment.AddDeploymentTargets(started.Model);
            return Task.CompletedTask;
        });

        return builder.AddResource(environment)
            .WithPipelineStepFactory(
                $"publish-{name}",
                context => new ComposePublisher(environment, context).PublishAsync(),
                requiredBy: [WellKnownPipelineSteps.Publish],
                description: $"Writes the Docker Compose file of {name}.")
            .WithPipelineStepFactory(
                $"docker-compose-up-{name}",
                _ => throw Unsupported.Feature(
                    $"Deploying the Docker Compose environment '{name}'", "Publish it, and run 'docker compose up' on the published files"),
                requiredBy: [WellKnownPipelineSteps.Deploy])
            .WithPipelineStepFactory(
                $"destroy-compose-{name}",
                _ => throw Unsupported.Feature(
                    $"Destroying the Docker Compose environment '{name}'", "Run 'docker compose down' on the published files"),
                requiredBy: [WellKnownPipelineSteps.Destroy]);
    }

    /// <summary>
    /// Says whether the Aspire dashboard is one of the services, as it is by default.
    /// Publishing with the dashboard is not supported here, and fails.
    /// </summary>
    /// <param name="builder">The environment's builder.</param>
    /// <param name="enabled">Whether the dashboard is one of the services.</param>
    /// <returns>The environment's builder.</returns>
    public static IResourceBuilder<DockerComposeEnvironmentResource> WithDashboard(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, bool enabled = true)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Resource.DashboardEnabled = enabled;
        return builder;
    }

    /// <summary>Changes the Compose file before it is written, after the changes to single services.</summary>
    /// <param name="builder">The environment's builder.</param>
    /// <param name="configure">Changes the file.</param>
    /// <returns>The environment's builder.</returns>
    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureComposeFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<ComposeFile> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        builder.Resource.ConfigureComposeFile += configure;
        return builder;
    }

    /// <summary>
    /// Changes the variables, by their names, that the <c>.env</c> file gets. Called after
    /// the changes to the Compose file.
    /// </summary>
    /// <param name="builder">The environment's builder.</param>
    /// <param name="configure">Changes the variables.</param>
    /// <returns>The environment's builder.</returns>
    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureEnvFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<IDictionary<string, CapturedEnvironmentVariable>> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        builder.Resource.ConfigureEnvFile += configure;
        return builder;
    }
}
