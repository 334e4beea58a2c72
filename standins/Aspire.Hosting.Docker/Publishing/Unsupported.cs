namespace Aspire.Hosting.Docker.Publishing;

/// <summary>What the package can do and this stand-in cannot.</summary>
internal static class Unsupported
{
    /// <summary>The failure of an application that uses such a feature.</summary>
    /// <param name="feature">The feature, as the beginning of a sentence.</param>
    /// <param name="remedy">What to do instead, as a sentence without its end.</param>
    public static DistributedApplicationException Feature(string feature, string remedy) =>
        new(
            $"{feature} is not supported by the stand-in for Aspire.Hosting.Docker. {remedy}, or build with the package: remove Aspire.Hosting.Docker from the property StandIns.");
}
