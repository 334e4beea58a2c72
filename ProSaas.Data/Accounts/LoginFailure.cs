using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;

namespace ProSaas.Data.Accounts;

/// <summary>
/// Attempts to log in with one e-mail address, whether an account has it or not, that have not succeeded since:
/// those of one network or known device, or those of all networks that are not known.
/// </summary>
[Index(nameof(ExpiresAt))]
public sealed class LoginFailure
{
    /// <summary>SHA-256 of the normalized address and of where from: what strangers type is kept nowhere.</summary>
    [Key]
    public required byte[] Hash { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When they are forgotten.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>While the account is under attack, when this network may try next; null for one that was never told to wait.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }
}
