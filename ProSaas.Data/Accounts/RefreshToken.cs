using System.ComponentModel.DataAnnotations;

namespace ProSaas.Data.Accounts;

/// <summary>
/// A program's means to the next access token, good for one use. The tokens of one session are a family: when a used one
/// comes again, somebody has a copy, and the session ends.
/// </summary>
public sealed class RefreshToken
{
    /// <summary>SHA-256 of the token: who reads the table cannot use it.</summary>
    [Key]
    public required byte[] Hash { get; init; }

    public required Guid SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next one was given for it; null while it is good.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>
    /// Random, from its use on: with the token itself it makes the next one, which a client that lost the answer is given again.
    /// </summary>
    public byte[]? SuccessorSalt { get; init; }
}
