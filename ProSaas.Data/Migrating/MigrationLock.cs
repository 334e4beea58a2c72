using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>
/// The session-level advisory lock that one migrator a database holds. It is polled: a statement that waits in the server
/// keeps a snapshot, for which an index that is built concurrently would wait in turn.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    /// <summary>"ProSaas" in ASCII.</summary>
    public const long Key = 0x50726F53616173;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _watch;
    private NpgsqlException? _cause;

    private MigrationLock(NpgsqlConnection connection)
    {
        _connection = connection;
        _watch = WatchAsync();
    }

    /// <summary>Cancelled when the connection, and with it the lock, is gone.</summary>
    public CancellationToken Lost => _lost.Token;

    public static async Task<MigrationLock> AcquireAsync(
        MigratorConnections connections, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var connection = await connections.ConnectAsync(cancellationToken);
        try
        {
            for (var waiting = false; !await TryAsync(connection, cancellationToken); waiting = true)
            {
                if (!waiting)
                {
                    Log.WaitingForOtherMigrator(logger);
                }

                await Task.Delay(PollInterval, time, cancellationToken);
            }

            return new MigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="MigrationFailedException">The lock is gone.</exception>
    public void ThrowIfLost()
    {
        if (_lost.IsCancellationRequested)
        {
            throw new MigrationFailedException("The connection that held the migration lock was lost.", _cause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        await _connection.DisposeAsync();
        _stop.Dispose();
        _lost.Dispose();
    }

    private static Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Sql.ScalarAsync<bool>(connection, $"SELECT pg_try_advisory_lock({Key})", cancellationToken);

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _connection.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (NpgsqlException cause)
        {
            _cause = cause;
            await _lost.CancelAsync();
        }
    }
}
