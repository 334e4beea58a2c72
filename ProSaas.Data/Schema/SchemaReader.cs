using System.Data.Common;
using Npgsql;

namespace ProSaas.Data.Schema;

/// <summary>Reads the state of the schema the way the schema gate does: never from the history table, which migrations lock.</summary>
public static class SchemaReader
{
    // A mark that this release cannot read was made by one it does not know.
    private static readonly Version Newest = new(int.MaxValue, 0);

    /// <summary>What is applied where there is no schema.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Nothing = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// The rows that <see cref="ReadAsync(DbDataReader, bool, CancellationToken)"/> takes; fails where <see cref="ExistsAsync"/> is false.
    /// </summary>
    public const string Query = "SELECT migration_id, required_release FROM public.schema_applied";

    /// <summary>Compares the database to <see cref="SchemaContract"/>; a database without any schema is simply not ready.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="seedExpected">Whether the development seed belongs to "ready".</param>
    /// <exception cref="NpgsqlException">The database could not be read.</exception>
    public static async Task<SchemaStatus> ReadAsync(NpgsqlConnection connection, bool seedExpected, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, cancellationToken))
        {
            return Compare(Nothing, seedExpected);
        }

        await using var read = new NpgsqlCommand(Query, connection);
        await using var rows = await read.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(rows, seedExpected, cancellationToken);
    }

    /// <summary>As <see cref="ReadAsync(NpgsqlConnection, bool, CancellationToken)"/>, from the rows of <see cref="Query"/>.</summary>
    /// <inheritdoc cref="ReadAsync(NpgsqlConnection, bool, CancellationToken)"/>
    public static async Task<SchemaStatus> ReadAsync(DbDataReader rows, bool seedExpected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var applied = new Dictionary<string, string?>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            applied.Add(rows.GetString(0), await rows.IsDBNullAsync(1, cancellationToken) ? null : rows.GetString(1));
        }

        return Compare(applied, seedExpected);
    }

    /// <summary>Whether there is anything that <see cref="Query"/> could read.</summary>
    /// <exception cref="NpgsqlException">The database could not be read.</exception>
    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var check = new NpgsqlCommand("SELECT to_regclass('public.schema_applied') IS NOT NULL", connection);
        return await check.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Compares what is applied, the release that each row requires by its id, to <see cref="SchemaContract"/>.</summary>
    public static SchemaStatus Compare(IReadOnlyDictionary<string, string?> applied, bool seedExpected)
    {
        ArgumentNullException.ThrowIfNull(applied);
        string[] expected = seedExpected ? [.. SchemaContract.Migrations, SchemaContract.SeedMarker] : [.. SchemaContract.Migrations];
        return new SchemaStatus
        {
            Missing = [.. expected.Where(id => !applied.ContainsKey(id))],
            PredatesFirstRelease = applied.Keys.Any(id => string.CompareOrdinal(id, SchemaContract.Migrations[0]) < 0),
            RequiredRelease = applied
                .ExceptBy(expected, row => row.Key, StringComparer.Ordinal)
                .Select(row => row.Value)
                .OfType<string>()
                .MaxBy(release => Version.TryParse(release, out var version) ? version : Newest),
        };
    }
}
