using Npgsql;

namespace ProSaas.Testing;

/// <summary>A fresh database of one test, and the environments of the services over it.</summary>
public sealed class TestDatabase(string ownerConnectionString)
{
    public string Owner => ownerConnectionString;

    public string Runtime { get; } = Database.AsApp(ownerConnectionString);

    public string Name { get; } = new NpgsqlConnectionStringBuilder(ownerConnectionString).Database!;

    public static async Task<TestDatabase> CreateAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    /// <summary>The environment of an API in development over this database.</summary>
    public Dictionary<string, string?> ApiEnvironment(params (string Name, string Value)[] more) => Environment(Runtime, more);

    /// <summary>The environment of a migration worker in development over this database.</summary>
    public Dictionary<string, string?> WorkerEnvironment(params (string Name, string Value)[] more) =>
        Environment(Owner, [("Database__AppPassword", PostgresFixture.AppPassword), .. more]);

    public Task MigrateAsync(bool seed = true) => Database.MigrateAsync(Owner, seed);

    /// <summary>Runs one statement as the superuser on the server's own database.</summary>
    public Task ExecuteOnServerAsync(string sql) =>
        Database.ExecuteAsync(new NpgsqlConnectionStringBuilder(Owner) { Database = "postgres" }.ConnectionString, sql);

    private static Dictionary<string, string?> Environment(string connectionString, (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__prosaasdb"] = connectionString,
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }
}
