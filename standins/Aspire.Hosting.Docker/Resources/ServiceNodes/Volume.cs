using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>Storage that outlives its containers, as a service or the file as a whole has it.</summary>
public sealed class Volume : NamedComposeMember
{
    /// <summary>What it is: <c>volume</c> or <c>bind</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Where the service sees it.</summary>
    public string? Target { get; set; }

    /// <summary>The volume's name.</summary>
    public string? Source { get; set; }

    /// <summary>What keeps it.</summary>
    public string? Driver { get; set; }

    /// <summary>Whether the service may only read it.</summary>
    public bool? ReadOnly { get; set; }
}
