using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>The AppHost's own connections to a server.</summary>
internal static class LocalPostgresConnection
{
    /// <summary>
    /// The connection string of a server or database; unpooled, so that nothing of the AppHost's keeps
    /// a database from being dropped.
    /// </summary>
    public static async Task<string> StringAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        var connection =
            new NpgsqlConnectionStringBuilder(await resource.GetConnectionStringAsync(cancellationToken)) { Pooling = false, Timeout = 3 };
        connection.Database ??= "postgres";
        return connection.ConnectionString;
    }

    /// <summary>Makes the database if the server does not have it.</summary>
    public static async Task CreateDatabaseAsync(LocalPostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(await StringAsync(database.Parent, cancellationToken));
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = database.DatabaseName } }
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            using var quoting = new NpgsqlCommandBuilder();
            await using var create = new NpgsqlCommand($"CREATE DATABASE {quoting.QuoteIdentifier(database.DatabaseName)}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
