using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts;

/// <summary>Uses and ends sessions. Each request looks, so that what ends here has ended on every replica.</summary>
internal sealed class Sessions(UnitOfWork unitOfWork, IOptions<AccountSessionOptions> options, TimeProvider time)
{
    /// <summary>A session in use is written so many times in its idle timeout, not at each request.</summary>
    private const int WritesPerIdleTimeout = 20;

    private const string Find = """
        SELECT a.id, a.email, a.name, a.is_system_admin,
            array(SELECT m.business_id FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id),
            array(SELECT m.role FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id)
        FROM account_sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL
        """;

    /// <summary>$3 idle timeout, $4 the least that its expiry is put off by.</summary>
    private const string Slide = """
        UPDATE account_sessions s SET expires_at = LEAST($2 + $3, s.ends_at)
        FROM accounts a
        WHERE s.id = $1 AND s.expires_at > $2 AND a.id = s.account_id AND a.disabled_at IS NULL AND LEAST($2 + $3, s.ends_at) - s.expires_at >= $4
        """;

    /// <summary>Whose session it is; null when it has ended, expired, or its account is disabled.</summary>
    /// <param name="id">The session.</param>
    /// <param name="slides">Whether use puts its expiry off.</param>
    public Task<CurrentAccount?> UseAsync(Guid id, bool slides, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return unitOfWork.BatchAsSystemAsync(
            "session",
            batch =>
            {
                batch.BatchCommands.Add(new(Find) { Parameters = { Value(id), Value(now) } });
                if (slides)
                {
                    var idle = options.Value.IdleTimeout;
                    batch.BatchCommands.Add(new(Slide) { Parameters = { Value(id), Value(now), Value(idle), Value(idle / WritesPerIdleTimeout) } });
                }
            },
            async (rows, token) => await rows.ReadAsync(token) ? await ReadAsync(rows, id, token) : null,
            cancellationToken);
    }

    public Task EndAsync(Guid id, CancellationToken cancellationToken) =>
        unitOfWork.AsSystemAsync("sign-out", (db, token) => db.AccountSessions.Where(session => session.Id == id).ExecuteDeleteAsync(token), cancellationToken);

    private static async Task<CurrentAccount> ReadAsync(NpgsqlDataReader row, Guid session, CancellationToken cancellationToken)
    {
        var (businesses, roles) = (row.GetFieldValue<long[]>(4), row.GetFieldValue<string[]>(5));
        return new CurrentAccount(
            row.GetInt64(0),
            row.GetString(1),
            await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetString(2),
            row.GetBoolean(3),
            businesses.Zip(roles).ToDictionary(member => member.First, member => BusinessRoleConverter.FromWord(member.Second)),
            session);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
