using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource's state at one moment.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates"/>.</param>
public sealed record ResourceStateSnapshot(string Text)
{
    /// <summary>The state of that name.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new ResourceStateSnapshot(text);
}

/// <summary>What is known of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>What it is: a project, an executable, a container.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The state.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of a process that ended by itself, 0-255; null if it was stopped or still runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When the process started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When the process ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>How it is: null until it runs.</summary>
    public HealthStatus? HealthStatus { get; init; }

    /// <summary>Why it is in a state that nobody wants.</summary>
    internal string? Reason { get; init; }

    /// <summary>The process it runs in.</summary>
    internal int? ProcessId { get; init; }

    /// <summary>Where it can be reached.</summary>
    internal IReadOnlyList<string> Addresses { get; init; } = [];
}

/// <summary>Something changed about a resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Which of its replicas.</param>
/// <param name="snapshot">What is known of it now.</param>
public sealed class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Which of its replicas.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known of it now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
