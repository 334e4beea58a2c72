namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project, started as a process.</summary>
public sealed class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
{
    internal IProjectMetadata Metadata => Annotations.OfType<IProjectMetadata>().Last();

    internal EndpointAnnotation? DefaultHttpsEndpoint { get; set; }
}

/// <summary>A program, started as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="command">The program: a path, or a name looked up on the search path.</param>
/// <param name="workingDirectory">The folder it starts in, absolute.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
{
    /// <summary>The program: a path, or a name looked up on the search path.</summary>
    public string Command { get; } = command;

    /// <summary>The folder it starts in, absolute.</summary>
    public string WorkingDirectory { get; } = workingDirectory;

    internal IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>A container.</summary>
public class ContainerResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource;
