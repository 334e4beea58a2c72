using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;

namespace ProSaas.Api.Accounts;

/// <summary>Uses and ends sessions. Each request looks, so that what ends here has ended on every replica.</summary>
internal sealed class Sessions(UnitOfWork unitOfWork, IOptions<AccountSessionOptions> options, TimeProvider time)
{
    /// <summary>A session in use is written so many times in its idle timeout, not at each request.</summary>
    private const int WritesPerIdleTimeout = 20;

    /// <summary>Whose session it is; null when it has ended, expired, or its account is disabled.</summary>
    /// <param name="id">The session.</param>
    /// <param name="slides">Whether use puts its expiry off.</param>
    public Task<CurrentAccount?> UseAsync(Guid id, bool slides, CancellationToken cancellationToken) =>
        unitOfWork.AsSystemAsync(
            "session",
            async (db, token) =>
            {
                var now = time.GetUtcNow();
                var found = await db.AccountSessions.AsNoTracking()
                    .Where(session => session.Id == id && session.ExpiresAt > now && session.Account!.DisabledAt == null)
                    .Select(session => new
                    {
                        session.ExpiresAt,
                        session.EndsAt,
                        session.Account!.Id,
                        session.Account.Email,
                        session.Account.Name,
                        session.Account.IsSystemAdmin,
                        Memberships = db.BusinessMembers.Where(member => member.AccountId == session.AccountId).ToList(),
                    })
                    .SingleOrDefaultAsync(token);
                if (found is null)
                {
                    return null;
                }

                if (slides)
                {
                    await SlideAsync(db, id, found.ExpiresAt, Earlier(now + options.Value.IdleTimeout, found.EndsAt), token);
                }

                return new CurrentAccount(
                    found.Id, found.Email!, found.Name, found.IsSystemAdmin, found.Memberships.ToDictionary(member => member.BusinessId, member => member.Role), id);
            },
            cancellationToken);

    public Task EndAsync(Guid id, CancellationToken cancellationToken) =>
        unitOfWork.AsSystemAsync("sign-out", (db, token) => db.AccountSessions.Where(session => session.Id == id).ExecuteDeleteAsync(token), cancellationToken);

    private async Task SlideAsync(ProSaasDbContext db, Guid id, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (to - from >= options.Value.IdleTimeout / WritesPerIdleTimeout)
        {
            await db.AccountSessions.Where(session => session.Id == id).ExecuteUpdateAsync(set => set.SetProperty(session => session.ExpiresAt, to), cancellationToken);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
