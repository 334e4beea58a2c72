using ProSaas.Data.Schema;

namespace ProSaas.Tests.Data;

public sealed class SchemaReaderTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Empty_database_misses_everything_and_has_no_run()
    {
        await using var connection = await Database.OpenAsync(await postgres.CreateDatabaseAsync());

        var status = await SchemaReader.ReadAsync(connection, seedExpected: true, TestContext.Current.CancellationToken);

        status.IsReady.ShouldBeFalse();
        status.Missing.ShouldBe([.. SchemaContract.Migrations, SchemaContract.SeedMarker]);
        (await MigrationRuns.LatestAsync(connection, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Newer_migrations_marked_as_breaking_name_the_newest_release_they_need()
    {
        var database = await postgres.CreateMigratedAsync();

        await AddMigrationAsync(database, "29990101000000_Breaking", requiredRelease: "2.10.0");
        await AddMigrationAsync(database, "29990102000000_AlsoBreaking", requiredRelease: "2.9.0");
        await AddMigrationAsync(database, "29990103000000_NotBreaking");

        var status = await ReadAsync(database);
        status.IsReady.ShouldBeFalse();
        status.Missing.ShouldBeEmpty();
        status.RequiredRelease.ShouldBe("2.10.0");
    }

    [Fact]
    public async Task Mark_of_a_breaking_migration_does_not_reach_the_next_one()
    {
        var database = await postgres.CreateMigratedAsync();
        await using var connection = await Database.OpenAsync(database);

        await Database.ExecuteAsync(connection, Mark("3.0.0") + Insert("29990101000000_Breaking"));
        await Database.ExecuteAsync(connection, Insert("29990102000000_Next"));

        (await Database.ScalarAsync<string>(
            connection, "SELECT required_release FROM schema_applied WHERE migration_id = '29990101000000_Breaking'")).ShouldBe("3.0.0");
        (await Database.ScalarAsync<string>(
            connection, "SELECT required_release FROM schema_applied WHERE migration_id = '29990102000000_Next'")).ShouldBeNull();
    }

    [Fact]
    public async Task Row_of_schema_applied_is_announced_when_it_is_committed()
    {
        var database = await postgres.CreateMigratedAsync();
        await using var listener = await Database.OpenAsync(Database.AsApp(database));
        await Database.ExecuteAsync(listener, $"LISTEN {SchemaContract.NotificationChannel}");
        var announced = new List<string>();
        listener.Notification += (_, notification) => announced.Add(notification.Payload);

        await AddMigrationAsync(database, "29990101000000_Newer");
        (await listener.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)).ShouldBeTrue();

        announced.ShouldBe(["29990101000000_Newer"]);
    }

    [Fact]
    public async Task Rolled_back_history_row_leaves_nothing_behind()
    {
        var database = await postgres.CreateMigratedAsync();

        await Database.ExecuteAsync(database, $"BEGIN; {Insert("29990101000000_Newer")} ROLLBACK;");

        (await Database.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM schema_applied WHERE migration_id LIKE '2999%')"))
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData("INSERT INTO schema_applied (migration_id) VALUES ('29990101000000_Forged')")]
    [InlineData("DELETE FROM schema_applied")]
    [InlineData("UPDATE migration_runs SET state = 'succeeded'")]
    [InlineData("SELECT * FROM \"__EFMigrationsHistory\"")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("CREATE TEMPORARY TABLE mine (id int)")]
    public async Task Apis_role_may_only_read_the_contract_tables(string statement)
    {
        var app = Database.AsApp(await postgres.CreateMigratedAsync());

        (await Should.ThrowAsync<PostgresException>(() => Database.ExecuteAsync(app, statement))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static async Task<SchemaStatus> ReadAsync(string database, bool seedExpected = false)
    {
        await using var connection = await Database.OpenAsync(database);
        return await SchemaReader.ReadAsync(connection, seedExpected, TestContext.Current.CancellationToken);
    }

    private static Task AddMigrationAsync(string database, string id, string? requiredRelease = null) =>
        Database.ExecuteAsync(database, (requiredRelease is null ? "" : Mark(requiredRelease)) + Insert(id));

    private static string Mark(string release)
    {
        var migration = new Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder("Npgsql.EntityFrameworkCore.PostgreSQL");
        migration.BreaksReleasesBefore(release);
        return ((Microsoft.EntityFrameworkCore.Migrations.Operations.SqlOperation)migration.Operations.ShouldHaveSingleItem()).Sql;
    }

    private static string Insert(string id) => $"""INSERT INTO "__EFMigrationsHistory" VALUES ('{id}', '10.0.0');""";
}
