using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A service: the containers of one image.</summary>
public sealed class Service : NamedComposeMember
{
    /// <summary>The image.</summary>
    public string? Image { get; set; }

    internal string? PullPolicy { get; set; }

    internal string? ContainerName { get; set; }

    /// <summary>How the image is built; null if it is only pulled.</summary>
    public Build? Build { get; set; }

    /// <summary>The arguments, in place of the image's.</summary>
    public List<string> Command { get; } = [];

    internal List<string> Entrypoint { get; } = [];

    /// <summary>The environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>
    /// The ports that are published on the host, as <c>host:container</c> such as <c>80:8080</c>, or the
    /// container's alone for a random one.
    /// </summary>
    public List<string> Ports { get; } = [];

    /// <summary>The ports that only other services reach.</summary>
    public List<string> Expose { get; } = [];

    internal List<Volume> Volumes { get; } = [];

    /// <summary>What the service waits for, by the other service's name.</summary>
    public Dictionary<string, ServiceDependency> DependsOn { get; } = [];

    /// <summary>The networks that the service is on, by name.</summary>
    public List<string> Networks { get; } = [];

    /// <summary>When a container is started again: <c>no</c>, <c>always</c>, <c>on-failure</c> or <c>unless-stopped</c>.</summary>
    public string? Restart { get; set; }

    /// <summary>How the health of a container is checked; null for the image's own way.</summary>
    public Healthcheck? Healthcheck { get; set; }

    internal List<ConfigReference> Configs { get; } = [];

    /// <summary>Sets an environment variable.</summary>
    /// <param name="key">The variable's name.</param>
    /// <param name="value">The variable's value; null for an empty one.</param>
    /// <returns>This service.</returns>
    public Service AddEnvironmentalVariable(string key, string? value)
    {
        Environment[key] = value ?? "";
        return this;
    }

    /// <summary>Mounts a config.</summary>
    /// <param name="config">The config's name, and where it is mounted.</param>
    /// <returns>This service.</returns>
    public Service AddConfig(ConfigReference config)
    {
        Configs.Add(config);
        return this;
    }
}
