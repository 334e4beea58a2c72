namespace ProSaas.AppHost;

/// <summary>Something that a developer can put right: one line on standard error and an exit code of sysexits.h.</summary>
internal sealed class StartFailure(int exitCode, string message) : Exception(message)
{
    /// <summary>A setting is wrong (<c>EX_CONFIG</c>).</summary>
    public const int Configuration = 78;

    /// <summary>A port or program that is needed is not to be had (<c>EX_UNAVAILABLE</c>).</summary>
    public const int Unavailable = 69;

    public int ExitCode { get; } = exitCode;
}
