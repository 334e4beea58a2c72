using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something said of a resource.</summary>
public interface IResourceAnnotation;

/// <summary>What happens to annotations of the same type when one is added.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>They stay.</summary>
    Append,

    /// <summary>They go.</summary>
    Replace,
}

/// <summary>The annotations of one resource, in the order they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Adds environment variables when the resource is started or published.</summary>
/// <param name="callback">Called each time the variables are worked out.</param>
public sealed class EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback) : IResourceAnnotation
{
    /// <summary>Called each time the variables are worked out.</summary>
    public Action<EnvironmentCallbackContext> Callback { get; } = callback;
}

/// <summary>The variables of one resource while they are worked out.</summary>
/// <param name="executionContext">Whether the application runs or is published.</param>
public sealed class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext)
{
    /// <summary>Names and values: a string, or something that gives one later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = [];

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
}

/// <summary>How a wait ends.</summary>
public enum WaitType
{
    /// <summary>When the other resource is running and healthy.</summary>
    WaitUntilHealthy,

    /// <summary>When the other resource has ended with the expected exit code.</summary>
    WaitForCompletion,
}

/// <summary>The resource does not start before another one is as it should be.</summary>
/// <param name="resource">The resource waited for.</param>
/// <param name="waitType">How the wait ends.</param>
/// <param name="exitCode">The exit code expected of a completion.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>How the wait ends.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code expected of a completion.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>The resource has a health check.</summary>
/// <param name="key">The name of the check.</param>
public sealed class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name of the check.</summary>
    public string Key { get; } = key;
}

/// <summary>How many processes run the resource.</summary>
/// <param name="replicas">One or more.</param>
public sealed class ReplicaAnnotation(int replicas) : IResourceAnnotation
{
    /// <summary>How many processes run the resource.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The kinds of storage mounted into a container.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of the machine.</summary>
    BindMount,

    /// <summary>A named volume.</summary>
    Volume,
}

/// <summary>Storage that outlives the container.</summary>
/// <param name="source">The volume's name.</param>
/// <param name="target">Where the container sees it.</param>
/// <param name="type">What it is.</param>
/// <param name="isReadOnly">Whether the container may only read it.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>The volume's name.</summary>
    public string? Source { get; } = source;

    /// <summary>Where the container sees it.</summary>
    public string Target { get; } = target;

    /// <summary>What it is.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>The image that a container is made from.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry, or null for the engine's default.</summary>
    public string? Registry { get; set; }

    /// <summary>The image's name.</summary>
    public required string Image { get; set; }

    /// <summary>The image's tag.</summary>
    public string? Tag { get; set; }
}

/// <summary>The image is built from a Dockerfile.</summary>
/// <param name="contextPath">The folder sent to the build, absolute.</param>
/// <param name="dockerfilePath">The Dockerfile, absolute.</param>
/// <param name="stage">The stage that is built; null for the last.</param>
internal sealed class DockerfileBuildAnnotation(string contextPath, string dockerfilePath, string? stage = null) : IResourceAnnotation
{
    public string ContextPath { get; } = contextPath;

    public string DockerfilePath { get; } = dockerfilePath;

    public string? Stage { get; } = stage;
}
