using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProSaas.Data.Migrating;

namespace ProSaas.Testing;

/// <summary>Short words for tests that talk to a database.</summary>
public static class Database
{
    /// <summary>A new database at the current schema.</summary>
    public static async Task<string> CreateMigratedAsync(this PostgresFixture postgres, bool seed = false)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await MigrateAsync(connectionString, seed);
        return connectionString;
    }

    public static Task MigrateAsync(string connectionString, bool seed = false) =>
        new DatabaseMigrator(
            new MigratorOptions { ConnectionString = connectionString, AppPassword = PostgresFixture.AppPassword, Seed = seed },
            TimeProvider.System,
            NullLogger<DatabaseMigrator>.Instance).RunAsync(TestRun.CancellationToken);

    /// <summary>The same database for the API's role.</summary>
    public static string AsApp(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Username = "prosaas_app",
            Password = PostgresFixture.AppPassword
        }.ConnectionString;

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestRun.CancellationToken);
        return connection;
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await ExecuteAsync(connection, sql);
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestRun.CancellationToken);
    }

    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        return await ScalarAsync<T>(connection, sql);
    }

    public static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync(TestRun.CancellationToken);
        return value is null or DBNull ? default : (T)value;
    }

    public static async Task<List<string>> ColumnAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestRun.CancellationToken);
        var values = new List<string>();
        while (await rows.ReadAsync(TestRun.CancellationToken))
        {
            values.Add(rows.GetString(0));
        }

        return values;
    }
}
