namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>Something that a Compose file has under a name.</summary>
public abstract class NamedComposeMember
{
    /// <summary>The name.</summary>
    public string Name { get; set; } = "";
}
