namespace ProSaas.ServiceDefaults.Startup;

/// <summary>The exit code the start asks for; <c>Main</c> returns it after the host has stopped.</summary>
public sealed class StartupOutcome
{
    /// <summary>The exit code of a process that a failed start stopped.</summary>
    public const int FailedExitCode = 1;

    /// <summary>0, unless a phase stopped the process.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Records that the process must end with <paramref name="exitCode"/>; the first code stays.</summary>
    public void Fail(int exitCode) => ExitCode = ExitCode is 0 ? exitCode : ExitCode;
}
