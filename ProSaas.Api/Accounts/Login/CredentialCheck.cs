using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Accounts.Setup;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>
/// Tells whether an e-mail address and a password belong together, with the same work and the same answers whether an
/// account has the address or not. An attempt is counted before it is checked, so that a burst gets no more guesses.
/// </summary>
internal sealed class CredentialCheck(
    UnitOfWork unitOfWork,
    UserManager<Account> users,
    PasswordHashing hashing,
    FirstAccounts firstAccounts,
    IOptions<LoginOptions> options,
    TimeProvider time,
    ILogger<CredentialCheck> logger)
{
    public async Task<CredentialResult> RunAsync(string email, string password, CancellationToken cancellationToken)
    {
        await firstAccounts.Tried.WaitAsync(cancellationToken);
        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            Log.TooManyHashes(logger);
            return new CredentialResult.TooBusy();
        }

        var addressHash = HashAddress(email);
        var (attempts, until, account) = await unitOfWork.AsSystemAsync(
            "sign-in",
            async (context, token) =>
            {
                var counted = await CountAttemptAsync(context, addressHash, token);
                return (counted.Attempts, counted.ExpiresAt, await users.FindByEmailAsync(email));
            },
            cancellationToken);
        if (attempts > options.Value.MaxFailures)
        {
            Log.LoginLocked(logger, account?.Id);
            return new CredentialResult.Locked(until - time.GetUtcNow());
        }

        var verified = await hashing.VerifyAsync(account?.PasswordHash, password);
        if (account is null || verified is PasswordVerificationResult.Failed)
        {
            Log.LoginFailed(logger, account?.Id);
            return new CredentialResult.Wrong();
        }

        if (account.DisabledAt is not null)
        {
            Log.LoginOfDisabled(logger, account.Id);
            return new CredentialResult.Disabled();
        }

        return new CredentialResult.Right(
            account, verified is PasswordVerificationResult.SuccessRehashNeeded ? hashing.Hash(password) : null);
    }

    /// <summary>
    /// Part of a unit of work that a right password leads to: the attempts with its address count no more,
    /// nor do those whose time is over.
    /// </summary>
    public Task<int> ForgetAttemptsAsync(ProSaasDbContext context, Account account, CancellationToken cancellationToken)
    {
        var addressHash = HashAddress(account.Email!);
        var now = time.GetUtcNow();
        return context.LoginFailures.Where(failure => failure.AddressHash == addressHash || failure.ExpiresAt < now)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private byte[] HashAddress(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(users.NormalizeEmail(email)));

    private Task<LoginFailure> CountAttemptAsync(ProSaasDbContext context, byte[] addressHash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = now + options.Value.LockoutDuration;
        return context.LoginFailures
            .FromSql($"""
                INSERT INTO login_failures AS f (address_hash, attempts, expires_at) VALUES ({addressHash}, 1, {until})
                ON CONFLICT (address_hash) DO UPDATE SET
                    attempts = CASE WHEN f.expires_at <= {now} THEN 1 ELSE f.attempts + 1 END,
                    expires_at = CASE WHEN f.expires_at <= {now} THEN {until} ELSE f.expires_at END
                RETURNING address_hash, attempts, expires_at
                """)
            .AsNoTracking()
            .AsAsyncEnumerable()
            .SingleAsync(cancellationToken)
            .AsTask();
    }
}
