namespace ProSaas.ServiceDefaults.Startup;

/// <summary>One phase as the timeline shows it.</summary>
public sealed record StartupPhaseSnapshot
{
    /// <summary>The phase's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public StartupPhaseState State { get; init; }

    /// <summary>The phase it comes after, if any.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>What it waits for now, or null.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>Why it did not run, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>When its first attempt began, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it succeeded, failed for good or was skipped, UTC.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From <see cref="StartedAt"/> to <see cref="EndedAt"/>, in seconds, by a monotonic clock.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Attempts begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The type of the last error, without its message.</summary>
    public string? LastErrorType { get; init; }
}
