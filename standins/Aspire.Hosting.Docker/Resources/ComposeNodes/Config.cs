namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A file that services can mount.</summary>
public sealed class Config : NamedComposeMember
{
    /// <summary>The file's text.</summary>
    public string? Content { get; set; }
}
