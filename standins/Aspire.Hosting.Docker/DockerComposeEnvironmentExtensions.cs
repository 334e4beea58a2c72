using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Publishing;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Adds Docker Compose.</summary>
public static class DockerComposeEnvironmentExtensions
{
    /// <summary>Publishes the application as a Compose file. It has no part in run mode.</summary>
    public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name)
    {
        var environment = new DockerComposeEnvironmentResource(name);
        if (builder.ExecutionContext.IsRunMode)
        {
            return builder.CreateResourceBuilder(environment);
        }

        return builder.AddResource(environment).WithAnnotation(new PublishAnnotation((services, folder, cancellationToken) =>
            ActivatorUtilities.CreateInstance<ComposePublisher>(services, environment).PublishAsync(folder, cancellationToken)));
    }

    /// <summary>Says whether the dashboard is one of the services. This engine publishes none, so it must be told so.</summary>
    public static IResourceBuilder<DockerComposeEnvironmentResource> WithDashboard(this IResourceBuilder<DockerComposeEnvironmentResource> builder, bool enabled = true)
    {
        builder.Resource.DashboardEnabled = enabled;
        return builder;
    }

    /// <summary>Changes the file before it is written.</summary>
    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureComposeFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<ComposeFile> configure)
    {
        builder.Resource.FileConfigurations.Add(configure);
        return builder;
    }

    /// <summary>Changes the variables before the <c>.env</c> file is written.</summary>
    public static IResourceBuilder<DockerComposeEnvironmentResource> ConfigureEnvFile(
        this IResourceBuilder<DockerComposeEnvironmentResource> builder, Action<IDictionary<string, CapturedEnvironmentVariable>> configure)
    {
        builder.Resource.EnvironmentConfigurations.Add(configure);
        return builder;
    }
}

/// <summary>Changes single services.</summary>
public static class DockerComposeServiceExtensions
{
    /// <summary>Changes the resource's service before the file is written.</summary>
    public static IResourceBuilder<T> PublishAsDockerComposeService<T>(this IResourceBuilder<T> builder, Action<DockerComposeServiceResource, Service> configure)
        where T : IComputeResource => builder.WithAnnotation(new ServiceConfigurationAnnotation(configure));
}

/// <summary>Changes the resource's service before the file is written.</summary>
internal sealed class ServiceConfigurationAnnotation(Action<DockerComposeServiceResource, Service> configure) : IForComputeEnvironment
{
    public Action<DockerComposeServiceResource, Service> Configure { get; } = configure;
}
