using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A service: containers of one image.</summary>
public sealed class Service : NamedComposeMember
{
    /// <summary>The image.</summary>
    public string? Image { get; set; }

    /// <summary>How the image is built.</summary>
    public Build? Build { get; set; }

    /// <summary>The command line, in place of the image's.</summary>
    public List<string> Command { get; } = [];

    /// <summary>The environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The ports that the machine has for it, such as <c>80:8080</c>.</summary>
    public List<string> Ports { get; } = [];

    /// <summary>The ports that other services reach.</summary>
    public List<string> Expose { get; } = [];

    /// <summary>The volumes mounted into it.</summary>
    public List<Volume> Volumes { get; } = [];

    /// <summary>What it waits for, by the other service's name.</summary>
    public Dictionary<string, ServiceDependency> DependsOn { get; } = [];

    /// <summary>The networks it is on.</summary>
    public List<string> Networks { get; } = [];

    /// <summary>When it is started again: <c>no</c>, <c>always</c>, <c>on-failure</c> or <c>unless-stopped</c>.</summary>
    public string? Restart { get; set; }

    /// <summary>How it is seen to be well.</summary>
    public Healthcheck? Healthcheck { get; set; }

    /// <summary>The configs mounted into it.</summary>
    public List<ConfigReference> Configs { get; } = [];

    /// <summary>Sets an environment variable.</summary>
    public Service AddEnvironmentalVariable(string key, string? value)
    {
        Environment[key] = value ?? "";
        return this;
    }

    /// <summary>Mounts a config.</summary>
    public Service AddConfig(ConfigReference config)
    {
        Configs.Add(config);
        return this;
    }
}
