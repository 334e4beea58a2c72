namespace ProSaas.Data.Accounts;

/// <summary>The code that makes the first administrator, printed once in the log of the replica that wrote this row.</summary>
public sealed class SetupCode
{
    /// <summary>The key of the only row there can be, so that replicas that start together print one code.</summary>
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>SHA-256 of the code.</summary>
    public required byte[] Hash { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}
