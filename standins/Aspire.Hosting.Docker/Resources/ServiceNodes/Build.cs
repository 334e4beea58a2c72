namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>How an image is built.</summary>
public sealed class Build
{
    /// <summary>The folder that is sent to the build, relative to the Compose file.</summary>
    public string? Context { get; set; }

    /// <summary>The Dockerfile, relative to the folder.</summary>
    public string? Dockerfile { get; set; }

    /// <summary>The values of the Dockerfile's <c>ARG</c> lines, by name.</summary>
    public Dictionary<string, string> Args { get; } = [];
}
