using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Tokens;

/// <summary>Gives programs their refresh tokens, each good for one use; a second use ends the session.</summary>
internal sealed class RefreshTokens(
    UnitOfWork unitOfWork, IOptions<AccountSessionOptions> options, TimeProvider time, ILogger<RefreshTokens> logger)
{
    private const int TokenBytes = 32;

    /// <summary>Part of a unit of work: a new token of a session.</summary>
    public string Add(ProSaasDbContext context, Guid sessionId)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        context.RefreshTokens.Add(new RefreshToken { Hash = HashOf(token), SessionId = sessionId, CreatedAt = time.GetUtcNow() });
        return token;
    }

    /// <summary>The session, put off, and its next token; null when the token is unknown, was used, or its session has ended.</summary>
    public async Task<RefreshedSession?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var hash = HashOf(refreshToken);
        var (refreshed, reusedOf) = await unitOfWork.AsSystemAsync(
            "token refresh", (context, token) => RefreshAsync(context, hash, token), cancellationToken);
        if (reusedOf is { } session)
        {
            Log.RefreshTokenReused(logger, session);
        }

        return refreshed;
    }

    private async Task<(RefreshedSession? Refreshed, Guid? ReusedOf)> RefreshAsync(
        ProSaasDbContext context, byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // The update decides between two that come at once: the second one waits for the first, and finds the token used.
        var wasGood = await context.RefreshTokens
            .Where(known => known.Hash == hash && known.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.UsedAt, now), cancellationToken) == 1;
        var sessionId = await context.RefreshTokens.Where(known => known.Hash == hash)
            .Select(known => (Guid?)known.SessionId).SingleOrDefaultAsync(cancellationToken);
        if (sessionId is { } reused && !wasGood)
        {
            await context.AccountSessions.Where(session => session.Id == reused).ExecuteDeleteAsync(cancellationToken);
            return (null, reused);
        }

        var session = await context.AccountSessions
            .Where(known => known.Id == sessionId && known.ExpiresAt > now && known.Account!.DisabledAt == null)
            .SingleOrDefaultAsync(cancellationToken);
        if (session is null)
        {
            return (null, null);
        }

        var expires = now + options.Value.TokenIdleTimeout;
        session.ExpiresAt = expires < session.EndsAt ? expires : session.EndsAt;
        var next = Add(context, session.Id);
        await context.SaveChangesAsync(cancellationToken);
        return (new RefreshedSession(session, next), null);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

internal sealed record RefreshedSession(AccountSession Session, string RefreshToken);
