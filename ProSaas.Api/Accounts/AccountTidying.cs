using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Startup;
using ProSaas.Data;

namespace ProSaas.Api.Accounts;

/// <summary>
/// Removes sessions that have ended, with their tokens, set-up codes, counted failures and known networks whose time is over,
/// once an hour. Replicas that do it at once share the work.
/// </summary>
internal sealed class AccountTidying(
    IServiceScopeFactory scopes, SchemaGateState gate, TimeProvider time, ILogger<AccountTidying> logger)
    : PeriodicWork(TimeSpan.FromHours(1), gate, time)
{
    /// <summary>Rows that are removed in one transaction, which locks them.</summary>
    private const int BatchSize = 1_000;

    /// <summary>A row that somebody is using waits for the next time.</summary>
    private static readonly string[] Statements =
    [
        .. new[] { ("account_sessions", "id"), ("setup_codes", "id"), ("login_failures", "hash"), ("known_networks", "hash") }
            .Select(table => $$"""
                DELETE FROM {{table.Item1}} WHERE {{table.Item2}} IN (
                    SELECT {{table.Item2}} FROM {{table.Item1}} WHERE expires_at <= {0} LIMIT {1} FOR UPDATE SKIP LOCKED)
                """),
    ];

    /// <summary>Removes what has expired by now, and returns how many rows that were.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var (removed, now) = (0, Time.GetUtcNow());
        foreach (var statement in Statements)
        {
            for (var rows = BatchSize; rows == BatchSize; removed += rows)
            {
                rows = await scopes.AsSystemAsync(
                    "tidying of accounts",
                    (context, token) => context.Database.ExecuteSqlRawAsync(statement, [now, BatchSize], token),
                    cancellationToken);
            }
        }

        return removed;
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken) =>
        Log.Tidied(logger, await RemoveAsync(cancellationToken));

    protected override void LogFailure(Exception exception) => Log.TidyingFailed(logger, exception);
}
