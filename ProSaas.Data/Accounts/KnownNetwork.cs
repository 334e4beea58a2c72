using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;

namespace ProSaas.Data.Accounts;

/// <summary>A network from which an account has logged in, so that an attack from others does not slow it there.</summary>
[Index(nameof(ExpiresAt))]
public sealed class KnownNetwork
{
    /// <summary>SHA-256 of the normalized e-mail address and the network, as in <see cref="LoginFailure"/>.</summary>
    [Key]
    public required byte[] Hash { get; init; }

    public required long AccountId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
