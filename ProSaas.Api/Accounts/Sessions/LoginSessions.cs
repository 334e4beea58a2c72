using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Tokens;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>Turns a right password into a session, in one unit of work with what else a login changes.</summary>
internal sealed class LoginSessions(
    UnitOfWork unitOfWork,
    CredentialCheck check,
    RefreshTokens refreshTokens,
    IOptions<AccountSessionOptions> options,
    TimeProvider time,
    ILogger<LoginSessions> logger)
{
    /// <param name="right">The password that was right.</param>
    /// <param name="replaced">The session the browser had before, which ends.</param>
    public async Task<AccountSession> BeginForBrowserAsync(
        CredentialResult.Right right, Guid? replaced, CancellationToken cancellationToken)
    {
        var (session, _) = await BeginAsync(
            right, options.Value.IdleTimeout, options.Value.AbsoluteTimeout, replaced, (_, _) => "", cancellationToken);
        return session;
    }

    public Task<(AccountSession Session, string RefreshToken)> BeginForProgramAsync(
        CredentialResult.Right right, CancellationToken cancellationToken) =>
        BeginAsync(
            right, options.Value.TokenIdleTimeout, options.Value.TokenAbsoluteTimeout,
            replaced: null, refreshTokens.Add, cancellationToken);

    private async Task<(AccountSession Session, string RefreshToken)> BeginAsync(
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
                var now = time.GetUtcNow();
                await check.ForgetAttemptsAsync(context, right.Account, token);
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
                return (session, refreshToken);
            },
            cancellationToken);
        Log.LoggedIn(logger, right.Account.Id);
        return begun;
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
