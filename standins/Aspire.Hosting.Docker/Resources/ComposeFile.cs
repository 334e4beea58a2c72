using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace Aspire.Hosting.Docker.Resources;

/// <summary>A Compose file. The order of the properties, here and in its parts, is the order in which they are written.</summary>
/// <remarks>See https://github.com/compose-spec/compose-spec/blob/main/spec.md.</remarks>
public sealed class ComposeFile
{
    /// <summary>The project's name; null for the name of the file's folder.</summary>
    public string? Name { get; set; }

    /// <summary>The services by name.</summary>
    public Dictionary<string, Service> Services { get; } = [];

    /// <summary>The networks by name.</summary>
    public Dictionary<string, Network> Networks { get; } = [];

    internal Dictionary<string, Volume> Volumes { get; } = [];

    internal Dictionary<string, Config> Configs { get; } = [];

    /// <summary>Adds a network, in place of any other of its name.</summary>
    /// <param name="network">The network.</param>
    /// <returns>This file.</returns>
    public ComposeFile AddNetwork(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);

        Networks[network.Name] = network;
        return this;
    }

    /// <summary>Adds a config, in place of any other of its name.</summary>
    /// <param name="config">The config.</param>
    /// <returns>This file.</returns>
    public ComposeFile AddConfig(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);

        Configs[config.Name] = config;
        return this;
    }
}
