using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>
/// Says who holds a lock that the migrator waits for. It looks from a connection of its own, which it opens when a run takes its
/// time: who has given up waiting cannot be asked any more whom it waited for.
/// </summary>
internal sealed class LockWatch : IAsyncDisposable
{
    /// <summary>Half the time that a lock is waited for, or less.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>One row a holder. Of its statement the first word alone, which has nothing of a customer's.</summary>
    private const string Query = """
        SELECT
            coalesce(waiting.relation::regclass::text, 'the database'),
            CASE WHEN blocking.pid = 0 THEN 'a prepared transaction (see pg_prepared_xacts)'
            ELSE format('pid %s (''%s'', %s, %s since %s, last statement %s)', blocking.pid, holder.application_name,
                coalesce(holder.usename, 'PostgreSQL itself'), coalesce(holder.state, 'at work'),
                to_char(coalesce(holder.xact_start, holder.query_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                coalesce(upper(substring(holder.query from '^\s*([A-Za-z]{2,20})\M')), 'unknown'))
            END
        FROM pg_stat_activity migrator
        JOIN pg_locks waiting ON waiting.pid = migrator.pid AND NOT waiting.granted
        CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(migrator.pid)) AS pid) blocking
        LEFT JOIN pg_stat_activity holder ON holder.pid = blocking.pid
        WHERE migrator.datname = current_database() AND migrator.application_name = $1
            AND (blocking.pid = 0 OR holder.pid IS NOT NULL)
        ORDER BY holder.xact_start
        LIMIT 5
        """;

    private readonly MigratorConnections _connections;
    private readonly string _migrator;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watch;
    private long? _told;

    /// <summary>Begins; it ends when this is disposed.</summary>
    public LockWatch(MigratorConnections connections, string migrator, TimeProvider time, ILogger logger)
    {
        (_connections, _migrator, _time, _logger) = (connections, migrator, time, logger);
        _watch = WatchAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Interval, _time, cancellationToken);
        try
        {
            await using var connection = await _connections.OpenOnceAsync(cancellationToken);
            using var timer = new PeriodicTimer(Interval, _time);
            do
            {
                await LookAsync(connection, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            // The migration goes on without it, or meets the same failure and says so.
            var type = ErrorType.Of(failure);
            Log.HoldersUnknown(_logger, type);
        }
    }

    private async Task LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_told is { } told && _time.GetElapsedTime(told) < Silence)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new() { Value = _migrator } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Log.LockHeld(_logger, rows.GetString(0), rows.GetString(1));
            _told = _time.GetTimestamp();
        }
    }
}
