using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>Opens the migrator's own connections: unpooled, without a limit on commands, dead within seconds of their client.</summary>
internal sealed class MigratorConnections(MigratorOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    // Another client may have taken a server in between, so that one look does not show it.
    private const int PoolerLooks = 5;

    private readonly NpgsqlConnectionStringBuilder _settings = new(options.ConnectionString)
    {
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 0,
        KeepAlive = 2,
        ApplicationName = options.ApplicationName,
    };

    public string Target => $"database '{_settings.Database}' on {_settings.Host}:{_settings.Port}";

    /// <summary>Waits for a database that is not up yet, and makes it when it is missing and the login may.</summary>
    /// <exception cref="MigrationFailedException">The database did not come up in time, or refused the login.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var delay = FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenAsync(_settings, cancellationToken);
            }
            catch (PostgresException refusal) when (!MayComeUp(refusal))
            {
                throw new MigrationFailedException($"The {Target} refused the connection (SQLSTATE {refusal.SqlState}).", refusal);
            }
            catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
            {
                if (time.GetElapsedTime(started) + delay > options.ConnectTimeout)
                {
                    throw new MigrationFailedException($"The {Target} could not be reached within {options.ConnectTimeout:c}.", failure);
                }

                MigratorTelemetry.Retry(Activity.Current, attempt, failure);
                Log.WaitingForDatabase(logger, Target, ErrorType.Of(failure));
                if (failure is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName })
                {
                    await TryCreateDatabaseAsync(cancellationToken);
                }
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    /// <summary>One try, without a retry.</summary>
    public Task<NpgsqlConnection> OpenOnceAsync(CancellationToken cancellationToken) => OpenAsync(_settings, cancellationToken);

    /// <summary>One try at another database of the same server.</summary>
    public Task<NpgsqlConnection> OpenOtherAsync(string database, CancellationToken cancellationToken) =>
        OpenAsync(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Database = database }, cancellationToken);

    private static bool MayComeUp(PostgresException refusal) => refusal.SqlState
        is PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.InvalidCatalogName
        or PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.AdminShutdown
        or PostgresErrorCodes.CrashShutdown
        or PostgresErrorCodes.ObjectInUse;

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlConnectionStringBuilder settings, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await RefusePoolerOfTransactionsAsync(connection, settings, cancellationToken);

            // The server checks for a vanished client every few seconds, also while a statement runs where its platform can.
            await Sql.ExecuteAsync(
                connection,
                $"""
                SET lock_timeout = {(long)options.LockTimeout.TotalMilliseconds};
                SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000;
                DO $$ BEGIN
                    PERFORM set_config('client_connection_check_interval', '2s', false);
                EXCEPTION WHEN invalid_parameter_value THEN
                    NULL;
                END $$;
                """,
                cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Such a pooler gives the session of one client to the next: the migration lock would not be held, and settings
    /// would be left to requests. A pooler of sessions is not told from the server.
    /// </summary>
    private async Task RefusePoolerOfTransactionsAsync(
        NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings, CancellationToken cancellationToken)
    {
        // A pooler makes up the number that the server itself tells at the start of a session.
        var backend = await BackendAsync(connection, cancellationToken);
        if (backend == connection.ProcessID)
        {
            return;
        }

        await using var other = new NpgsqlConnection(settings.ConnectionString);
        await other.OpenAsync(cancellationToken);
        for (var look = 0; look < PoolerLooks; look++)
        {
            // Two open sessions have two servers, which never change.
            if (await BackendAsync(other, cancellationToken) == backend || await BackendAsync(connection, cancellationToken) != backend)
            {
                throw new MigrationFailedException($"The {Target} is reached through a pooler of transactions (PgBouncer).")
                {
                    AllowedConnection = "a connection to PostgreSQL itself: this one leads to a pooler of transactions (PgBouncer), "
                        + "which does not keep the lock of a migration",
                };
            }
        }
    }

    private static Task<int> BackendAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Sql.ScalarAsync<int>(connection, "SELECT pg_backend_pid()", cancellationToken);

    private async Task TryCreateDatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenOtherAsync("postgres", cancellationToken);
            await Sql.ExecuteAsync(
                connection, $"CREATE DATABASE {Sql.Identifier(_settings.Database!)} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
            Log.DatabaseCreated(logger, _settings.Database!);
        }
        catch (NpgsqlException refusal)
        {
            // Somebody else may make it: the caller goes on waiting.
            Log.DatabaseNotCreated(logger, _settings.Database!, ErrorType.Of(refusal));
        }
    }
}
