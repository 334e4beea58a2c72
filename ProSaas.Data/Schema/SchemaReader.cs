using Npgsql;

namespace ProSaas.Data.Schema;

/// <summary>Reads the state of the schema the way the schema gate does: never from the history table, which migrations lock.</summary>
public static class SchemaReader
{
    // A mark that this release cannot read was made by one it does not know.
    private static readonly Version Newest = new(int.MaxValue, 0);

    /// <summary>Compares the database to <see cref="SchemaContract"/>; a database without any schema is simply not ready.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="seedExpected">Whether the development seed belongs to "ready".</param>
    /// <exception cref="NpgsqlException">The database could not be read.</exception>
    public static async Task<SchemaStatus> ReadAsync(NpgsqlConnection connection, bool seedExpected, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var applied = await ReadAppliedAsync(connection, ct);
        string[] expected = seedExpected ? [.. SchemaContract.Migrations, SchemaContract.SeedMarker] : [.. SchemaContract.Migrations];
        return new SchemaStatus
        {
            Missing = [.. expected.Where(id => !applied.ContainsKey(id))],
            RequiredRelease = applied
                .ExceptBy(expected, row => row.Key, StringComparer.Ordinal)
                .Select(row => row.Value)
                .OfType<string>()
                .MaxBy(release => Version.TryParse(release, out var version) ? version : Newest),
        };
    }

    private static async Task<Dictionary<string, string?>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = new Dictionary<string, string?>(StringComparer.Ordinal);
        await using (var look = new NpgsqlCommand("SELECT to_regclass('public.schema_applied') IS NOT NULL", connection))
        {
            if (await look.ExecuteScalarAsync(ct) is not true)
            {
                return applied;
            }
        }

        await using var read = new NpgsqlCommand("SELECT migration_id, required_release FROM public.schema_applied", connection);
        await using var rows = await read.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            applied.Add(rows.GetString(0), await rows.IsDBNullAsync(1, ct) ? null : rows.GetString(1));
        }

        return applied;
    }
}
