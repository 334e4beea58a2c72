namespace ProSaas.Data.Schema;

/// <summary>How the database's schema compares to what this binary expects.</summary>
public sealed record SchemaStatus
{
    /// <summary>Everything expected is there and nothing newer breaks this release.</summary>
    public bool IsReady => Missing.Count == 0 && RequiredRelease is null;

    /// <summary>
    /// Ids of this binary's migrations that are not applied, oldest first, and the seed marker when it is expected and absent.
    /// </summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// A migration is applied that is older than this binary's first: the database was made before the first release.
    /// </summary>
    public bool PredatesFirstRelease { get; init; }

    /// <summary>The oldest release that works with the database, "2.0.0"; null when this one does.</summary>
    public string? RequiredRelease { get; init; }
}
