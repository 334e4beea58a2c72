using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Tokens;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>Turns a right password into a session, in one unit of work with what else a login changes.</summary>
internal sealed class LoginSessions(
    UnitOfWork unitOfWork,
    LoginAttempts attempts,
    RefreshTokens refreshTokens,
    IOptions<AccountSessionOptions> options,
    TimeProvider time,
    LoginTelemetry telemetry,
    AuditLog audit)
{
    /// <summary>Null when the password was changed or the account disabled since the password was checked.</summary>
    /// <param name="right">The password that was right.</param>
    /// <param name="replaced">The session the browser had before, which ends.</param>
    public async Task<AccountSession?> BeginForBrowserAsync(
        CredentialResult.Right right, Guid? replaced, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(
            right, options.Value.IdleTimeout, options.Value.AbsoluteTimeout, replaced, (_, _) => "", cancellationToken);
        return begun?.Session;
    }

    /// <inheritdoc cref="BeginForBrowserAsync"/>
    public Task<RefreshedSession?> BeginForProgramAsync(CredentialResult.Right right, CancellationToken cancellationToken) =>
        BeginAsync(
            right, options.Value.TokenIdleTimeout, options.Value.TokenAbsoluteTimeout,
            replaced: null, refreshTokens.Add, cancellationToken);

    private async Task<RefreshedSession?> BeginAsync(
        CredentialResult.Right right,
        TimeSpan idleTimeout,
        TimeSpan absoluteTimeout,
        Guid? replaced,
        Func<ProSaasDbContext, Guid, string> addRefreshToken,
        CancellationToken cancellationToken)
    {
        var begun = await unitOfWork.AsSystemAsync(
            "sign-in",
            async (context, token) =>
            {
                if (!await IsUnchangedAsync(context, right.Account, token))
                {
                    return null;
                }

                var now = time.GetUtcNow();
                await attempts.SucceedAsync(context, right.Attempt, right.Account.Id, token);
                await RenewHashAsync(context, right, token);
                await context.AccountSessions
                    .Where(session => (session.AccountId == right.Account.Id && session.ExpiresAt <= now) || session.Id == replaced)
                    .ExecuteDeleteAsync(token);
                var session = new AccountSession
                {
                    Id = Guid.NewGuid(),
                    AccountId = right.Account.Id,
                    CreatedAt = now,
                    ExpiresAt = now + (idleTimeout < absoluteTimeout ? idleTimeout : absoluteTimeout),
                    EndsAt = now + absoluteTimeout,
                };
                context.AccountSessions.Add(session);
                var refreshToken = addRefreshToken(context, session.Id);
                await context.SaveChangesAsync(token);
                return new RefreshedSession(session, refreshToken);
            },
            cancellationToken);
        if (begun is not null)
        {
            telemetry.Succeeded();
            audit.LoggedIn(right.Account.Id, right.Network);
        }

        return begun;
    }

    /// <summary>Locks the account's row: a change of the password ends the sessions that are there when it has the lock.</summary>
    private static async Task<bool> IsUnchangedAsync(ProSaasDbContext context, Account read, CancellationToken cancellationToken)
    {
        var stamps = await context.Database
            .SqlQuery<string?>(
                $"SELECT security_stamp AS \"Value\" FROM accounts WHERE id = {read.Id} AND disabled_at IS NULL FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken);
        return stamps is [var stamp] && stamp == read.SecurityStamp;
    }

    private static async Task RenewHashAsync(ProSaasDbContext context, CredentialResult.Right right, CancellationToken cancellationToken)
    {
        if (right.RenewedHash is { } renewed)
        {
            await context.Accounts
                .Where(account => account.Id == right.Account.Id && account.PasswordHash == right.Account.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.PasswordHash, renewed), cancellationToken);
        }
    }
}
