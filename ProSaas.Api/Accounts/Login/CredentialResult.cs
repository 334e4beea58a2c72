using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>What checking an e-mail address and a password came to.</summary>
internal abstract record CredentialResult
{
    /// <param name="Account">As it was read.</param>
    /// <param name="Attempt">As it was counted.</param>
    /// <param name="Network">Where it came from.</param>
    /// <param name="RenewedHash">The password's hash with the work of today, when the stored one has less.</param>
    internal sealed record Right(Account Account, LoginAttempt Attempt, string Network, string? RenewedHash) : CredentialResult;

    internal sealed record Wrong : CredentialResult;

    /// <summary>The password was right; only then is it told.</summary>
    internal sealed record Disabled : CredentialResult;

    /// <param name="RetryAfter">How long no password is checked for this address from this network or device.</param>
    internal sealed record Locked(TimeSpan RetryAfter) : CredentialResult;

    internal sealed record TooBusy : CredentialResult;
}
