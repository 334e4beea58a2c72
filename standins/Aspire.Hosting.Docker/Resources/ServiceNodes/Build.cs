namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>How an image is built.</summary>
public sealed class Build
{
    /// <summary>The folder sent to the build, relative to the Compose file.</summary>
    public string? Context { get; set; }

    /// <summary>The Dockerfile, relative to the folder.</summary>
    public string? Dockerfile { get; set; }

    /// <summary>What the Dockerfile's <c>ARG</c> lines get.</summary>
    public Dictionary<string, string> Args { get; set; } = [];
}
