namespace ProSaas.Tests.Faults;

/// <summary>
/// The system's clock plus what a file says; timers and timestamps go on as they did, as
/// they do when a real clock is set.
/// </summary>
internal sealed class ShiftedClock(string file) : TimeProvider
{
    /// <summary>Names the file, for a service that is started with <see cref="StartupHook"/>.</summary>
    public const string FileVariable = "PROSAAS_TEST_CLOCK";

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
}
