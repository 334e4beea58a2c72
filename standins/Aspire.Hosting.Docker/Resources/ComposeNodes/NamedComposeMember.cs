using YamlDotNet.Serialization;

namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>Something that a Compose file has under a name.</summary>
public abstract class NamedComposeMember
{
    /// <summary>The name. The file has it as a key, not as a value.</summary>
    [YamlIgnore]
    public required string Name { get; set; }
}
