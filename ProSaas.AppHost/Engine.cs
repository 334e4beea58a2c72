using System.Reflection;

namespace ProSaas.AppHost;

/// <summary>What this AppHost was built with.</summary>
internal static class Engine
{
    /// <summary>One line that says which engine runs the application, and why it was chosen.</summary>
    public static string Description => Metadata("PackageFeed") is "full"
        ? $"Engine: Aspire, which runs containers ({Metadata("PackageFeedReason")}; PackageFeed=full)."
        : $"Engine: the stand-ins, which need no containers ({Metadata("PackageFeedReason")}; PackageFeed=limited).";

    private static string? Metadata(string key) =>
        typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == key)?.Value;
}
