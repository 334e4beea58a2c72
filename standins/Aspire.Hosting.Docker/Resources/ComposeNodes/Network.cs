namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A network of services.</summary>
public sealed class Network : NamedComposeMember
{
    /// <summary>What makes the network.</summary>
    public string? Driver { get; set; }
}
