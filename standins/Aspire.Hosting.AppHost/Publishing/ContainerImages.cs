using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

internal static class ContainerImages
{
    /// <summary>Whether the resource is a container once published.</summary>
    public static bool IsPublishedContainer(this IResource resource) =>
        resource.Annotations.Any(annotation => annotation is ContainerImageAnnotation or DockerfileBuildAnnotation);

    /// <summary>The image with its registry and tag.</summary>
    /// <exception cref="DistributedApplicationException">The container has no image.</exception>
    public static string Image(this IResource container)
    {
        var image = container.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"Could not get the container image name of '{container.Name}'.");
        return $"{(image.Registry is null ? "" : $"{image.Registry}/")}{image.Image}{(image.Tag is null ? "" : $":{image.Tag}")}";
    }
}
