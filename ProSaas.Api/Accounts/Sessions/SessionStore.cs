using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>Uses and ends sessions. Each request asks the database, so that what ends here has ended on every replica.</summary>
internal sealed class SessionStore(UnitOfWork unitOfWork, IOptions<AccountSessionOptions> options, TimeProvider time)
{
    /// <summary>A session in use is written so many times in its idle timeout, not at each request.</summary>
    private const int WritesPerIdleTimeout = 20;

    private const string Find = """
        SELECT s.expires_at, s.ends_at, a.id, a.email, a.name, a.is_system_admin,
            array(SELECT m.business_id FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id),
            array(SELECT m.role FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id)
        FROM account_sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL
        """;

    private const string Purpose = "session";

    /// <summary>Whose session it is; null when it has ended, expired, or its account is disabled.</summary>
    /// <param name="id">The session.</param>
    /// <param name="slides">Whether use puts its expiry off.</param>
    public async Task<CurrentAccount?> UseAsync(Guid id, bool slides, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await unitOfWork.BatchAsSystemAsync(
            Purpose,
            batch => batch.BatchCommands.Add(BatchStatement.Of(Find, id, now)),
            async (rows, token) => await rows.ReadAsync(token)
                ? await ReadAsync(rows, id, token)
                : ((DateTimeOffset Expires, DateTimeOffset Ends, CurrentAccount Account)?)null,
            cancellationToken,
            readsOnly: true);
        if (found is not var (expires, ends, account))
        {
            return null;
        }

        if (slides)
        {
            await SlideAsync(id, expires, Earlier(now + options.Value.IdleTimeout, ends), cancellationToken);
        }

        return account;
    }

    public Task EndAsync(Guid id, CancellationToken cancellationToken) =>
        unitOfWork.AsSystemAsync("sign-out", (context, token) =>
            context.AccountSessions.Where(session => session.Id == id).ExecuteDeleteAsync(token), cancellationToken);

    private Task SlideAsync(Guid id, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        to - from < options.Value.IdleTimeout / WritesPerIdleTimeout ? Task.CompletedTask
            : unitOfWork.AsSystemAsync(
                Purpose,
                (context, token) => context.AccountSessions.Where(session => session.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(session => session.ExpiresAt, to), token),
                cancellationToken);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static async Task<(DateTimeOffset Expires, DateTimeOffset Ends, CurrentAccount Account)> ReadAsync(
        NpgsqlDataReader row, Guid session, CancellationToken cancellationToken)
    {
        var (businesses, roles) = (row.GetFieldValue<long[]>(6), row.GetFieldValue<string[]>(7));
        return (
            await row.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken),
            await row.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken),
            new CurrentAccount(
                row.GetInt64(2),
                row.GetString(3),
                await row.IsDBNullAsync(4, cancellationToken) ? null : row.GetString(4),
                row.GetBoolean(5),
                businesses.Zip(roles).ToDictionary(member => member.First, member => EnumNames.Parse<BusinessRole>(member.Second)),
                session));
    }
}
