namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A file that is mounted into services.</summary>
public sealed class Config : NamedComposeMember
{
    /// <summary>What is in it.</summary>
    public string? Content { get; set; }
}
