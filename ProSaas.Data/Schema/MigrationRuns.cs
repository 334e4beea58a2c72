using Npgsql;

namespace ProSaas.Data.Schema;

/// <summary>Reads what migrators recorded of their runs.</summary>
public static class MigrationRuns
{
    /// <summary>The newest run; null before the first one, when the table or the right to read it is not there yet.</summary>
    /// <param name="connection">Open.</param>
    /// <exception cref="NpgsqlException">The database could not be read.</exception>
    public static async Task<MigrationRun?> LatestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using (var check = new NpgsqlCommand(
            "SELECT coalesce(has_table_privilege(to_regclass('public.migration_runs')::oid, 'SELECT'), false)", connection))
        {
            if (await check.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return null;
            }
        }

        await using var read = new NpgsqlCommand(
            "SELECT id, state, error_type, trace_parent, started_at, ended_at FROM public.migration_runs ORDER BY id DESC LIMIT 1",
            connection);
        await using var rows = await read.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
        {
            return null;
        }

        return new MigrationRun
        {
            Id = rows.GetInt64(0),
            State = rows.GetString(1),
            ErrorType = await rows.IsDBNullAsync(2, cancellationToken) ? null : rows.GetString(2),
            TraceParent = await rows.IsDBNullAsync(3, cancellationToken) ? null : rows.GetString(3),
            StartedAt = await rows.GetFieldValueAsync<DateTimeOffset>(4, cancellationToken),
            EndedAt = await rows.GetFieldValueAsync<DateTimeOffset?>(5, cancellationToken),
        };
    }
}
