using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds containers, which this engine publishes and does not run.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="image">The image, with its registry if it is not the container engine's default.</param>
    /// <param name="tag">The image's tag.</param>
    /// <exception cref="InvalidOperationException">The image names a tag or digest of its own.</exception>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag)
    {
        var lastPart = image[(image.LastIndexOf('/') + 1)..];
        if (lastPart.Contains('@', StringComparison.Ordinal) || lastPart.Contains(':', StringComparison.Ordinal))
        {
            throw new InvalidOperationException("Ambiguous tags - a tag was provided on both the 'tag' and 'image' parameters");
        }

        return builder.AddResource(new ContainerResource(name)).WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag });
    }

    /// <summary>Adds a container whose image is built from a Dockerfile.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="contextPath">The folder sent to the build; a relative one starts from the AppHost's.</param>
    /// <param name="dockerfilePath">The Dockerfile; a relative one starts from <paramref name="contextPath"/>. <c>Dockerfile</c> if null.</param>
    /// <param name="stage">The stage of the Dockerfile that is built; the last if null.</param>
    public static IResourceBuilder<ContainerResource> AddDockerfile(
        this IDistributedApplicationBuilder builder, string name, string contextPath, string? dockerfilePath = null, string? stage = null)
    {
        var context = Path.GetFullPath(contextPath, builder.AppHostDirectory);
        return builder.AddResource(new ContainerResource(name)).WithAnnotation(new DockerfileBuildAnnotation(context, Path.GetFullPath(dockerfilePath ?? "Dockerfile", context), stage));
    }

    /// <summary>Mounts a named volume.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name.</param>
    /// <param name="target">Where the container sees it.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));
}
