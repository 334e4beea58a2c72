using Microsoft.AspNetCore.Identity;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Accounts.Setup;
using ProSaas.Api.Http;
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
    LoginAttempts attempts,
    LoginTelemetry telemetry,
    AuditLog audit,
    ILogger<CredentialCheck> logger)
{
    public async Task<CredentialResult> RunAsync(
        string email, string password, LoginSource source, CancellationToken cancellationToken)
    {
        await firstAccounts.Tried.WaitAsync(cancellationToken);
        using var turn = source is { Device: null, Session: null }
            ? await hashing.TakeTurnAsync(cancellationToken)
            : await hashing.TakeTurnOfKnownAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            Log.TooManyHashes(logger);
            telemetry.Limited();
            return new CredentialResult.TooBusy();
        }

        var (account, attempt) = await unitOfWork.AsSystemAsync(
            "sign-in",
            async (context, token) =>
            {
                var found = await users.FindByEmailAsync(email);
                return (found, await attempts.CountAsync(context, email, found, source, token));
            },
            cancellationToken);
        if (attempt.Wait is { } wait)
        {
            telemetry.Limited();
            audit.LoginLimited(AuditLog.HashOf(email), source.Network);
            return new CredentialResult.Locked(wait);
        }

        var verified = await hashing.VerifyAsync(account?.PasswordHash, password);
        if (account is null || verified is PasswordVerificationResult.Failed)
        {
            telemetry.Failed();
            audit.LoginFailed(AuditLog.HashOf(email), source.Network);
            return new CredentialResult.Wrong();
        }

        if (account.DisabledAt is not null)
        {
            telemetry.Failed();
            audit.LoginOfDisabled(account.Id, source.Network);
            return new CredentialResult.Disabled();
        }

        return new CredentialResult.Right(
            account,
            attempt,
            source.Network,
            verified is PasswordVerificationResult.SuccessRehashNeeded ? hashing.Hash(password) : null);
    }
}
