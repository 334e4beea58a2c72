namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>A network on which services reach each other.</summary>
internal sealed class Network : NamedComposeMember
{
    public string? Driver { get; set; }
}
