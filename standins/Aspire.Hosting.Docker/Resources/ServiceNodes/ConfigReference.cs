namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>A config in a service.</summary>
public sealed class ConfigReference
{
    /// <summary>The config's name.</summary>
    public string? Source { get; set; }

    /// <summary>Where the service sees it.</summary>
    public string? Target { get; set; }
}
