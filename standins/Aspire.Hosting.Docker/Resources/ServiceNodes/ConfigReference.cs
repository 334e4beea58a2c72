namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>A config that a service mounts.</summary>
public sealed class ConfigReference
{
    /// <summary>The config's name.</summary>
    public string? Source { get; set; }

    /// <summary>The path of the mounted file in the container.</summary>
    public string? Target { get; set; }
}
