using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Deploy;

/// <summary>
/// What the published files and the migrated database allow of connections adds up: two APIs during an update, n8n, the migrator,
/// a backup and an operator, all at once.
/// </summary>
public sealed partial class ConnectionBudgetTests : IAsyncDisposable
{
    /// <summary>The lock, the migration, n8n's database, the record of a failure, and one that asks who holds a lock.</summary>
    private const int Migrator = 5;

    /// <summary>A backup and two people.</summary>
    private const int Operator = 3;

    // Limits of roles are the server's, which other tests share.
    private readonly PostgresFixture _postgres = PostgresFixture.With($"max_connections={Published(@"""max_connections=(\d+)")}");

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Fact]
    public async Task Connections_of_all_services_add_up()
    {
        var database = await _postgres.CreateDatabaseAsync();
        await MigrateAsync(database, Published(@"Database__AppConnections: ""(\d+)"), Published(@"Database__N8nConnections: ""(\d+)"));
        var all = await Database.ScalarAsync<int>(database, "SELECT current_setting('max_connections')::int");
        // The second is there since PostgreSQL 16.
        var reserved = await Database.ScalarAsync<int>(
            database,
            """
            SELECT current_setting('superuser_reserved_connections')::int
                + coalesce(current_setting('reserved_connections', true)::int, 0)
            """);
        var (app, n8n) = await LimitsAsync(database);

        // Those that an API opens beside its pool.
        var outside = Directory.EnumerateFiles(Path.Combine(Repository.Root, "ProSaas.Api"), "*.cs", SearchOption.AllDirectories)
            .Sum(file => Outside().Count(File.ReadAllText(file)));
        outside.ShouldBeInRange(3, 10);
        app.ShouldBeGreaterThanOrEqualTo(2 * (Published(@"Maximum Pool Size=(\d+)") + outside));
        n8n.ShouldBeGreaterThanOrEqualTo(Published(@"DB_POSTGRESDB_POOL_SIZE: ""(\d+)"));
        (app + n8n + reserved + Migrator + Operator).ShouldBeLessThanOrEqualTo(all);
    }

    [Fact]
    public async Task Role_that_has_all_its_connections_is_refused_and_leaves_the_others_theirs()
    {
        var database = await _postgres.CreateDatabaseAsync();
        await MigrateAsync(database, app: 2, n8n: 1);
        var login = new NpgsqlConnectionStringBuilder(Database.AsApp(database)) { Pooling = false }.ConnectionString;
        await using var first = await Database.OpenAsync(login);
        await using var second = await Database.OpenAsync(login);

        (await Should.ThrowAsync<PostgresException>(() => Database.OpenAsync(login))).SqlState
            .ShouldBe(PostgresErrorCodes.TooManyConnections);
        (await Database.ScalarAsync<int>(database, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Limit_is_changed_by_the_next_run_and_left_alone_without_a_setting()
    {
        var database = await _postgres.CreateDatabaseAsync();
        await MigrateAsync(database, 20, 10);
        (await LimitsAsync(database)).ShouldBe((20, 10));
        await MigrateAsync(database, 30, 11);
        (await LimitsAsync(database)).ShouldBe((30, 11));
        await MigrateAsync(database, app: null, n8n: null);
        (await LimitsAsync(database)).ShouldBe((30, 11));
    }

    [Theory]
    [InlineData("Database__AppConnections", "0")]
    [InlineData("Database__AppConnections", "-1")]
    [InlineData("Database__N8nConnections", "many")]
    public async Task Wrong_limit_is_named(string name, string value)
    {
        await using var worker = ServiceHandle.StartMigrationWorker(new Dictionary<string, string?>
        {
            ["ConnectionStrings__prosaasdb"] = "Host=127.0.0.1;Port=9;Database=none",
            ["Database__AppPassword"] = "app-password",
            [name] = value,
        });

        (await worker.WaitForExitAsync()).ShouldBe(78);
        string.Join('\n', worker.Lines).ShouldContain($"{name.Replace("__", ":", StringComparison.Ordinal)} is '{value}'. Allowed: ");
    }

    private static Task MigrateAsync(string database, int? app, int? n8n) => new MigratorRun(new()
    {
        ConnectionString = database,
        AppPassword = PostgresFixture.AppPassword,
        N8nPassword = "n8n-password",
        AppConnections = app,
        N8nConnections = n8n,
    }).RunAsync(TestContext.Current.CancellationToken);

    private static async Task<(int App, int N8n)> LimitsAsync(string database) => (
        await Database.ScalarAsync<int>(database, "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'prosaas_app'"),
        await Database.ScalarAsync<int>(database, "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'n8n'"));

    private static int Published(string pattern)
    {
        var match = Regex.Match(
            Repository.Read("docker-compose.yml"), pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        match.Success.ShouldBeTrue(pattern);
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\bchecks\.Create\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Outside();
}
