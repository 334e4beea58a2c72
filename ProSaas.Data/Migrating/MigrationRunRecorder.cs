using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using ProSaas.Data.Isolation;
using ProSaas.Data.Schema;

namespace ProSaas.Data.Migrating;

/// <summary>Keeps the row of <c>migration_runs</c> that says how a run went. All under the migration lock.</summary>
internal sealed class MigrationRunRecorder(MigratorConnections connections, MigratorOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FailureTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes the table where it is missing, marks what dead migrators left running, and begins a run.</summary>
    public async Task<long> BeginAsync(NpgsqlConnection connection, string? traceParent, CancellationToken cancellationToken)
    {
        // Whoever left a run open is dead, because this run holds the lock.
        await Sql.ExecuteAsync(
            connection,
            $"""
            CREATE TABLE IF NOT EXISTS public.migration_runs (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                state text NOT NULL CHECK (state IN ('{MigrationRun.Running}', '{MigrationRun.Succeeded}', '{MigrationRun.Failed}')),
                error_type text NULL,
                trace_parent text NULL,
                migrator text NOT NULL,
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                ended_at timestamptz NULL
            );
            UPDATE public.migration_runs
            SET state = '{MigrationRun.Failed}', error_type = '{ErrorType.Abandoned}', ended_at = clock_timestamp()
            WHERE state = '{MigrationRun.Running}';
            """,
            cancellationToken);
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO public.migration_runs (state, trace_parent, migrator) VALUES ('{MigrationRun.Running}', $1, $2) RETURNING id",
            connection)
        {
            Parameters =
            {
                new() { Value = (object?)traceParent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = options.ApplicationName },
            },
        };
        return (long)(await insert.ExecuteScalarAsync(cancellationToken))!;
    }

    public static Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Sql.ExecuteAsync(
            connection,
            $"REVOKE ALL ON public.migration_runs FROM PUBLIC; GRANT SELECT ON public.migration_runs TO {DatabaseRoles.App}",
            cancellationToken);

    public static Task SucceedAsync(NpgsqlConnection connection, long run, CancellationToken cancellationToken) =>
        EndAsync(connection, run, MigrationRun.Succeeded, errorType: null, cancellationToken);

    /// <summary>Records a failure over a connection of its own, in bounded time; where even that fails, the log says so.</summary>
    public async Task FailAsync(long run, Exception failure)
    {
        using var limit = new CancellationTokenSource(FailureTimeout, time);
        try
        {
            await using var connection = await connections.OpenOnceAsync(limit.Token);
            await EndAsync(connection, run, MigrationRun.Failed, ErrorType.Of(failure), limit.Token);
        }
        catch (Exception unrecorded) when (unrecorded
            is NpgsqlException or SocketException or TimeoutException or OperationCanceledException)
        {
            Log.FailureNotRecorded(logger, ErrorType.Of(unrecorded));
        }
    }

    private static async Task EndAsync(
        NpgsqlConnection connection, long run, string state, string? errorType, CancellationToken cancellationToken)
    {
        await using var update = new NpgsqlCommand(
            $"""
            UPDATE public.migration_runs SET state = $2, error_type = $3, ended_at = clock_timestamp()
            WHERE id = $1 AND state = '{MigrationRun.Running}'
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = run },
                new() { Value = state },
                new() { Value = (object?)errorType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await update.ExecuteNonQueryAsync(cancellationToken);
    }
}
