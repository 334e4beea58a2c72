namespace ProSaas.Data.Schema;

/// <summary>A run of the migrator, as it recorded it.</summary>
public sealed record MigrationRun
{
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    public required long Id { get; init; }

    /// <summary><see cref="Running"/>, <see cref="Succeeded"/> or <see cref="Failed"/>.</summary>
    public required string State { get; init; }

    /// <summary>Of a failed run: the type of the exception and its SQLSTATE, or "abandoned" when the migrator died.</summary>
    public string? ErrorType { get; init; }

    /// <summary>W3C trace context of the run's span.</summary>
    public string? TraceParent { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By the database's clock, UTC; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
