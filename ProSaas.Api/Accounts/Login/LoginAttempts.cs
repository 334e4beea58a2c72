using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>
/// Counts attempts by e-mail address and by where they come from, so that nobody locks out anybody else. An address that is
/// tried from many unknown networks is slowed there: each of them waits before each attempt, a minute at most.
/// Its methods are parts of units of work of the system, and the database is where replicas count together.
/// </summary>
internal sealed class LoginAttempts(ILookupNormalizer normalizer, IOptions<LoginOptions> options, TimeProvider time)
{
    /// <summary>So many times one network's failures are an attack from several: those of one alone slow no other.</summary>
    private const int NetworksOfAttack = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Counts an attempt and says whether it comes too early.</summary>
    public async Task<LoginAttempt> CountAsync(
        ProSaasDbContext context, string email, Account? account, LoginSource source, CancellationToken cancellationToken)
    {
        var trusted = source.FindTrusted(account);
        var byNetwork = HashOf(email, $"network {source.Network}");
        var now = time.GetUtcNow();
        var networkIsKnown = await context.KnownNetworks
            .AnyAsync(network => network.Hash == byNetwork && network.ExpiresAt > now, cancellationToken);
        var attempt = new LoginAttempt(
            ByAddress: HashOf(email, "anywhere"),
            BySource: trusted is null ? byNetwork : HashOf(email, trusted),
            byNetwork,
            IsKnown: trusted is not null || networkIsKnown,
            Wait: null);
        return attempt with { Wait = await FindWaitAsync(context, attempt, now, cancellationToken) };
    }

    /// <summary>After a right password: what its source failed before counts no more, and its network is known from now on.</summary>
    public async Task SucceedAsync(ProSaasDbContext context, LoginAttempt attempt, long accountId, CancellationToken cancellationToken)
    {
        if (!attempt.IsKnown)
        {
            await context.LoginFailures.Where(failure => failure.Hash == attempt.ByAddress && failure.Attempts > 0)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(failure => failure.Attempts, failure => failure.Attempts - 1), cancellationToken);
        }

        await context.LoginFailures.Where(failure => failure.Hash == attempt.BySource).ExecuteDeleteAsync(cancellationToken);
        var until = time.GetUtcNow() + KnownDevices.Lifetime;
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO known_networks (hash, account_id, expires_at) VALUES ({attempt.ByNetwork}, {accountId}, {until})
            ON CONFLICT (hash) DO UPDATE SET account_id = excluded.account_id, expires_at = excluded.expires_at
            """,
            cancellationToken);
    }

    private async Task<TimeSpan?> FindWaitAsync(
        ProSaasDbContext context, LoginAttempt attempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, attempt.BySource, now, cancellationToken) is { } locked && IsSpent(locked.Attempts))
        {
            return locked.ExpiresAt - now;
        }

        DateTimeOffset? next = null;
        if (!attempt.IsKnown)
        {
            // Its row stays locked until the end of the transaction: unknown networks are counted one after the other.
            var everywhere = await AddAsync(context, attempt.ByAddress, attempts: 1, waitsUntil: null, now, cancellationToken);
            var excess = everywhere.Attempts - (NetworksOfAttack * options.Value.MaxFailures);
            if (excess > 0)
            {
                next = now + WaitAfter(excess);
                var before = await FindAsync(context, attempt.BySource, now, cancellationToken);
                if (!IsSpent(before?.Attempts ?? 0) && (before?.WaitsUntil is not { } told || told > now))
                {
                    var until = before?.WaitsUntil ?? next.Value;
                    await AddAsync(context, attempt.BySource, attempts: 0, until, now, cancellationToken);
                    return until - now;
                }
            }
        }

        var counted = await AddAsync(context, attempt.BySource, attempts: 1, next, now, cancellationToken);
        return counted.Attempts > options.Value.MaxFailures ? counted.ExpiresAt - now : null;
    }

    private bool IsSpent(int attempts) => attempts >= options.Value.MaxFailures;

    /// <summary>1, 2, 4 s and so on, never so long that the failures are forgotten before.</summary>
    private TimeSpan WaitAfter(int excess)
    {
        var longest = LongestWait < options.Value.LockoutDuration / 2 ? LongestWait : options.Value.LockoutDuration / 2;
        return TimeSpan.FromSeconds(Math.Min(Math.Pow(2, excess - 1), longest.TotalSeconds));
    }

    private byte[] HashOf(string email, string source) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{normalizer.NormalizeEmail(email)}\n{source}"));

    private static Task<LoginFailure?> FindAsync(
        ProSaasDbContext context, byte[] hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        context.LoginFailures.AsNoTracking()
            .SingleOrDefaultAsync(failure => failure.Hash == hash && failure.ExpiresAt > now, cancellationToken);

    private Task<LoginFailure> AddAsync(
        ProSaasDbContext context,
        byte[] hash,
        int attempts,
        DateTimeOffset? waitsUntil,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var until = now + options.Value.LockoutDuration;
        return context.LoginFailures
            .FromSql($"""
                INSERT INTO login_failures AS f (hash, attempts, expires_at, waits_until) VALUES ({hash}, {attempts}, {until}, {waitsUntil})
                ON CONFLICT (hash) DO UPDATE SET
                    attempts = {attempts} + CASE WHEN f.expires_at <= {now} THEN 0 ELSE f.attempts END,
                    expires_at = CASE WHEN f.expires_at <= {now} THEN {until} ELSE f.expires_at END,
                    waits_until = {waitsUntil}
                RETURNING hash, attempts, expires_at, waits_until
                """)
            .AsNoTracking()
            .AsAsyncEnumerable()
            .SingleAsync(cancellationToken)
            .AsTask();
    }
}
