using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace Aspire.Hosting.Docker.Resources;

/// <summary>A Docker Compose file, as https://github.com/compose-spec/compose-spec describes it.</summary>
public sealed class ComposeFile
{
    /// <summary>The project's name; null for the folder's.</summary>
    public string? Name { get; set; }

    /// <summary>The services by name.</summary>
    public Dictionary<string, Service> Services { get; } = [];

    /// <summary>The networks by name.</summary>
    public Dictionary<string, Network> Networks { get; } = [];

    /// <summary>The volumes by name.</summary>
    public Dictionary<string, Volume> Volumes { get; } = [];

    /// <summary>The configs by name.</summary>
    public Dictionary<string, Config> Configs { get; } = [];

    /// <summary>Adds a config.</summary>
    public ComposeFile AddConfig(Config config)
    {
        Configs[config.Name] = config;
        return this;
    }
}
