using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="command">The program: a path, or a name looked up on the search path.</param>
    /// <param name="workingDirectory">The folder it starts in; a relative one starts from the AppHost's.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args)
    {
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args);
    }

    /// <summary>Publishes the program as a container, built from the Dockerfile in its folder.</summary>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder)
        where T : ExecutableResource => builder.PublishAsDockerFile(configure: null);

    /// <summary>Publishes the program as a container, built from the Dockerfile in its folder.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="configure">Says of the container what a program does not have; null for nothing.</param>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder, Action<IResourceBuilder<ContainerResource>>? configure)
        where T : ExecutableResource
    {
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        // It keeps its annotations, so that what was and will be said of the program holds for the container.
        var executable = builder.Resource;
        foreach (var arguments in executable.Annotations.OfType<CommandLineArgumentsAnnotation>().ToList())
        {
            // How the container starts it is the Dockerfile's business.
            executable.Annotations.Remove(arguments);
        }

        builder.ApplicationBuilder.Resources.Remove(executable);
        var container = builder.ApplicationBuilder.AddResource<ContainerResource>(new ExecutableContainerResource(executable))
            .WithAnnotation(new DockerfileBuildAnnotation(executable.WorkingDirectory, Path.Combine(executable.WorkingDirectory, "Dockerfile")));
        configure?.Invoke(container);
        return builder;
    }
}

/// <summary>The container that a program is published as.</summary>
/// <param name="executable">The program.</param>
internal sealed class ExecutableContainerResource(ExecutableResource executable) : ContainerResource(executable.Name)
{
    public override ResourceAnnotationCollection Annotations => executable.Annotations;
}
