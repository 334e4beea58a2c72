namespace Aspire.Hosting.Running;

/// <summary>Text with the ports that one replica listens on, such as the addresses a web server is told.</summary>
/// <param name="text">Makes the text.</param>
internal sealed class InstancePort(Func<ResourceInstance, string> text)
{
    public string For(ResourceInstance instance) => text(instance);
}
