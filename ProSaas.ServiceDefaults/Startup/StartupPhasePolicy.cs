namespace ProSaas.ServiceDefaults.Startup;

/// <summary>How long a phase may take and how often it is tried.</summary>
public sealed record StartupPhasePolicy
{
    /// <summary>One attempt, no time limit.</summary>
    public static StartupPhasePolicy Default { get; } = new();

    /// <summary>Time limit for the phase as a whole, attempts and pauses included; null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens at <see cref="Timeout"/>.</summary>
    public StartupTimeoutAction OnTimeout { get; init; } = StartupTimeoutAction.GiveUp;

    /// <summary>Attempts in the first round, 1 or more; the pauses between them grow from 1 s to 5 s.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>After a round of attempts failed, one more attempt every so often, without end; null gives up.</summary>
    public TimeSpan? RetryEvery { get; init; }

    /// <summary>Whether the service's start counts as finished only with this phase.</summary>
    public bool IsRequired { get; init; } = true;
}
