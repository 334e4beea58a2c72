namespace ProSaas.ServiceDefaults.Startup;

/// <summary>A step of a service's start: what it comes after, how long it may take, how often it is tried, and what it does.</summary>
public abstract class StartupPhase
{
    /// <summary>The phase's name, unique in its service, lower-case with underscores; its span is <c>startup.</c> and this name.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Name of the phase, added before this one, that must have succeeded or been skipped before this one runs;
    /// null when none must.
    /// </summary>
    public virtual string? After => null;

    /// <summary>Time limit and retries.</summary>
    public virtual StartupPhasePolicy Policy => StartupPhasePolicy.Default;

    /// <summary>Why the phase does not run, or null when it runs. Asked once.</summary>
    public virtual string? SkipReason => null;

    /// <summary>Does the work. Called once an attempt; a throw ends the attempt.</summary>
    /// <param name="context">Reports progress to the timeline.</param>
    /// <param name="cancellationToken">Cancelled when the service stops or the phase is given up at its time limit.</param>
    protected internal abstract Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken);

    /// <summary>Called when <see cref="SkipReason"/> skipped the phase.</summary>
    protected internal virtual void OnSkipped(string reason)
    {
    }

    /// <summary>Called once when the phase passes its time limit.</summary>
    protected internal virtual void OnTimedOut()
    {
    }
}
