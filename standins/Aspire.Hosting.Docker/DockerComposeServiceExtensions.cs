using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Aspire.Hosting;

/// <summary>Extension methods that change a resource's service in a Compose file.</summary>
public static class DockerComposeServiceExtensions
{
    /// <summary>Changes the service that a resource is published as. It has no part in run mode.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="configure">Changes the service.</param>
    /// <returns>The resource's builder.</returns>
    /// <remarks>Publishing fails when the application has no Docker Compose environment.</remarks>
    public static IResourceBuilder<T> PublishAsDockerComposeService<T>(
        this IResourceBuilder<T> builder, Action<DockerComposeServiceResource, Service> configure)
        where T : IComputeResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        var name = builder.Resource.Name;
        builder.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
            started.Model.Resources.OfType<DockerComposeEnvironmentResource>().Any()
                ? Task.CompletedTask
                : throw new InvalidOperationException(
                    $"'{name}' is published as a Docker Compose service, but the application has no Docker Compose environment: add one with {nameof(DockerComposeEnvironmentExtensions.AddDockerComposeEnvironment)}."));
        return builder.WithAnnotation(new ServiceCustomizationAnnotation(configure));
    }
}
