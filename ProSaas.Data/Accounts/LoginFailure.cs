using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;

namespace ProSaas.Data.Accounts;

/// <summary>Attempts to log in with one e-mail address, whether an account has it or not, that have not succeeded since.</summary>
[Index(nameof(ExpiresAt))]
public sealed class LoginFailure
{
    /// <summary>SHA-256 of the normalized address: what strangers type is kept nowhere.</summary>
    [Key]
    public required byte[] AddressHash { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When they are forgotten.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
