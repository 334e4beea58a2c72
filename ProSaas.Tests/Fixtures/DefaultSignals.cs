namespace ProSaas.Tests.Fixtures;

/// <summary>A shell that runs the tests in the background has them ignore SIGINT, and so everything that they start. Who is sent one must not.</summary>
internal static class DefaultSignals
{
    /// <summary>What stands before the command line.</summary>
    public static string[] Prefix { get; } = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];
}
