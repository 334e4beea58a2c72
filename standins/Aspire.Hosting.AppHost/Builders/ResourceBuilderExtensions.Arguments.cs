using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds command line arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithAnnotation(new CommandLineArgumentsAnnotation(args));

    internal static IReadOnlyList<string> CommandLineArguments(this IResource resource) =>
        [.. resource.Annotations.OfType<CommandLineArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments)];
}

/// <summary>Command line arguments of a resource, after those of other annotations before it.</summary>
/// <param name="arguments">The arguments.</param>
internal sealed class CommandLineArgumentsAnnotation(IReadOnlyList<string> arguments) : IResourceAnnotation
{
    public IReadOnlyList<string> Arguments { get; } = arguments;
}
