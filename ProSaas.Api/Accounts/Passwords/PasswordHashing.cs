using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Login;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Passwords;

/// <summary>
/// Hashes and verifies passwords, a bounded number at once: each takes a core for a tenth of a second by design, and a crowd
/// at the login must not take them all from the agents.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>
    /// Of PBKDF2-HMAC-SHA512, by OWASP's Password Storage Cheat Sheet. When it rises, hashes
    /// are renewed as people log in.
    /// </summary>
    public const int Iterations = 210_000;

    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private const int WaitingPerHash = 4;

    private static readonly Account Nobody = new();

    private readonly PasswordHasher<Account> _hasher;
    private readonly ConcurrencyLimiter _slots;
    private readonly ConcurrencyLimiter _slotsOfKnown;
    private readonly string _nobodysHash;

    public PasswordHashing(IOptions<LoginOptions> options, IOptions<PasswordHasherOptions> hasher)
    {
        _hasher = new PasswordHasher<Account>(hasher);
        _slots = Limiter(options.Value.ConcurrentHashes);
        _slotsOfKnown = Limiter(options.Value.ConcurrentHashes);
        _nobodysHash = Hash(Guid.NewGuid().ToString());
    }

    /// <summary>Waits for a turn, which lasts until the lease is disposed. Not acquired: too many wait already.</summary>
    public ValueTask<RateLimitLease> TakeTurnAsync(CancellationToken cancellationToken) =>
        _slots.AcquireAsync(permitCount: 1, cancellationToken);

    /// <summary>As above, for devices that have logged in before and for sessions: their slots no stranger can fill.</summary>
    public ValueTask<RateLimitLease> TakeTurnOfKnownAsync(CancellationToken cancellationToken) =>
        _slotsOfKnown.AcquireAsync(permitCount: 1, cancellationToken);

    public string Hash(string password) => _hasher.HashPassword(Nobody, password);

    /// <summary>On a thread of its own, so that logins never hold all threads of the pool, which are as many as the cores.</summary>
    /// <param name="hash">Of the account, or null when there is none: then the same work is done and fails.</param>
    /// <param name="password">As it was typed.</param>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password)
    {
        var result = await Task.Factory.StartNew(
            () => _hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash, password),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose()
    {
        _slots.Dispose();
        _slotsOfKnown.Dispose();
    }

    private static ConcurrencyLimiter Limiter(int slots) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = slots, QueueLimit = slots * WaitingPerHash });
}
