namespace ProSaas.ServiceDefaults.Startup;

/// <summary>Where a phase stands.</summary>
public enum StartupPhaseState
{
    /// <summary>Not begun: waits for the phase it comes after.</summary>
    Pending,

    /// <summary>Runs, within its time limit.</summary>
    Running,

    /// <summary>Runs on though its time limit has passed.</summary>
    Overdue,

    /// <summary>Failed and is tried again in the background.</summary>
    Retrying,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not run, for the reason given.</summary>
    Skipped,
}
