using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Tokens;

/// <summary>
/// Gives programs their refresh tokens, each good for one use. A second use within seconds, at once or because an answer was lost,
/// is given the same successor; a later one ends the session.
/// </summary>
internal sealed class RefreshTokens(
    UnitOfWork unitOfWork, IOptions<AccountSessionOptions> options, TimeProvider time, ILogger<RefreshTokens> logger)
{
    private const int TokenBytes = 32;

    /// <summary>How long a used token is answered as before.</summary>
    private static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    /// <summary>Part of a unit of work: a new token of a session.</summary>
    public string Add(ProSaasDbContext context, Guid sessionId) =>
        Add(context, sessionId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)));

    /// <summary>
    /// The session, put off, and its next token; null when the token is unknown, was used some time ago, or its session has ended.
    /// </summary>
    public async Task<RefreshedSession?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var (refreshed, reusedOf) = await unitOfWork.AsSystemAsync(
            "token refresh", (context, token) => RefreshAsync(context, refreshToken, token), cancellationToken);
        if (reusedOf is { } session)
        {
            Log.RefreshTokenReused(logger, session);
        }

        return refreshed;
    }

    private async Task<(RefreshedSession? Refreshed, Guid? ReusedOf)> RefreshAsync(
        ProSaasDbContext context, string refreshToken, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = HashOf(refreshToken);
        var salt = RandomNumberGenerator.GetBytes(TokenBytes);

        // The update decides between two that come at once: the second one waits for the first, and finds the token used.
        var wasGood = await context.RefreshTokens
            .Where(known => known.Hash == hash && known.UsedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(known => known.UsedAt, now).SetProperty(known => known.SuccessorSalt, salt), cancellationToken) == 1;
        var used = await context.RefreshTokens.AsNoTracking().SingleOrDefaultAsync(known => known.Hash == hash, cancellationToken);
        if (used is null)
        {
            return (null, null);
        }

        if (!wasGood && now - used.UsedAt > RetryWindow)
        {
            await context.AccountSessions.Where(session => session.Id == used.SessionId).ExecuteDeleteAsync(cancellationToken);
            return (null, used.SessionId);
        }

        var session = await context.AccountSessions
            .Where(known => known.Id == used.SessionId && known.ExpiresAt > now && known.Account!.DisabledAt == null)
            .SingleOrDefaultAsync(cancellationToken);
        if (session is null)
        {
            return (null, null);
        }

        var expires = now + options.Value.TokenIdleTimeout;
        session.ExpiresAt = expires < session.EndsAt ? expires : session.EndsAt;
        var next = SuccessorOf(refreshToken, used.SuccessorSalt!);
        if (wasGood)
        {
            Add(context, session.Id, next);
        }

        await context.SaveChangesAsync(cancellationToken);
        return (new RefreshedSession(session, next), null);
    }

    private string Add(ProSaasDbContext context, Guid sessionId, string token)
    {
        context.RefreshTokens.Add(new RefreshToken { Hash = HashOf(token), SessionId = sessionId, CreatedAt = time.GetUtcNow() });
        return token;
    }

    /// <summary>Whoever has only the token or only the database cannot tell it.</summary>
    private static string SuccessorOf(string token, byte[] salt) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), salt));

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

internal sealed record RefreshedSession(AccountSession Session, string RefreshToken);
