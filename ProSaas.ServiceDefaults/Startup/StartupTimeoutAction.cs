namespace ProSaas.ServiceDefaults.Startup;

/// <summary>What the pipeline does when a phase passes its time limit.</summary>
public enum StartupTimeoutAction
{
    /// <summary>Cancels the phase; it has failed.</summary>
    GiveUp,

    /// <summary>Reports the start as late and lets the phase go on in the background.</summary>
    KeepRunning,

    /// <summary>Cancels the phase and stops the process with <see cref="StartupOutcome.FailedExitCode"/>.</summary>
    StopProcess,
}
