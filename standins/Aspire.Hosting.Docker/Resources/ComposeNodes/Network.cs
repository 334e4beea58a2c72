namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A network on which services reach each other.</summary>
public sealed class Network : NamedComposeMember
{
    /// <summary>What implements it: <c>bridge</c> on one machine.</summary>
    public string? Driver { get; set; }
}
