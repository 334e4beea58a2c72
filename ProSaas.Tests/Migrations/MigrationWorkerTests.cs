using System.Runtime.InteropServices;
using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations;

/// <summary>The real worker process.</summary>
public sealed class MigrationWorkerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Run_that_succeeds_exits_0_and_says_so_last()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment());

        (await worker.WaitForExitAsync()).ShouldBe(0);
        await worker.UntilLineAsync("🔒 Migrations complete");

        worker.Lines.ShouldContain(line => line.Contains("INFO", StringComparison.Ordinal) && line.EndsWith("🔒 Migrations complete", StringComparison.Ordinal));
        (await StatusAsync(database, seedExpected: true)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Migration_that_throws_exits_1_logs_the_line_and_records_the_failure()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await Database.ExecuteAsync(database.Owner, "CREATE TABLE faq_entries (in_the_way int)");
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment());

        (await worker.WaitForExitAsync()).ShouldBe(1);
        await worker.UntilLineAsync("MIGRATION FAILED");

        worker.Lines.ShouldContain(line => line.Contains("ERROR", StringComparison.Ordinal) && line.EndsWith("❌ MIGRATION FAILED", StringComparison.Ordinal));
        (await Database.ScalarAsync<string>(database.Owner, "SELECT state || ' ' || error_type FROM migration_runs")).ShouldBe("failed Npgsql.PostgresException 42P07");
    }

    [Fact]
    public async Task Worker_killed_inside_a_migration_is_finished_by_the_next()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var block = await MigrationBlock.InsideAsync(database.Owner, table: "faq_entries");
        await using (var killed = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment()))
        {
            await block.UntilReachedAsync();
            await killed.KillAsync();
        }

        await block.UntilGoneAsync();
        (await StatusAsync(database)).Missing.ShouldBe(SchemaContract.Migrations.Skip(2));
        await FinishAsync(database, block);
    }

    [Fact]
    public async Task Worker_killed_between_migrating_and_seeding_is_finished_by_the_next()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var block = await MigrationBlock.InsideSeedAsync(database.Owner);
        await using (var killed = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment()))
        {
            await block.UntilReachedAsync();
            await killed.KillAsync();
        }

        await block.UntilGoneAsync();
        (await StatusAsync(database, seedExpected: true)).Missing.ShouldBe([SchemaContract.SeedMarker]);
        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM businesses")).ShouldBe(0);
        await Database.ExecuteAsync(database.Owner, "DROP TRIGGER test_block ON businesses");
        await FinishAsync(database, block);
    }

    [Fact]
    public async Task Worker_told_to_stop_exits_143_and_leaves_whole_migrations()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var block = await MigrationBlock.InsideAsync(database.Owner, table: "faq_entries");
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment());
        await block.UntilReachedAsync();

        worker.Signal(PosixSignal.SIGTERM);

        (await worker.WaitForExitAsync()).ShouldBe(143);
        (await StatusAsync(database)).Missing.ShouldBe(SchemaContract.Migrations.Skip(2));
        (await Database.ScalarAsync<string>(database.Owner, "SELECT state FROM migration_runs")).ShouldBe(MigrationRun.Failed);
    }

    [Theory]
    [InlineData("DOTNET_ENVIRONMENT", "Production")]
    [InlineData("DOTNET_ENVIRONMENT", "Staging")]
    [InlineData("PRODUCTION", "1")]
    [InlineData("FLASK_ENV", "production")]
    public async Task Production_is_never_seeded(string variable, string value)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment((variable, value)));

        (await worker.WaitForExitAsync()).ShouldBe(0);

        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM businesses")).ShouldBe(0);
        (await StatusAsync(database, seedExpected: true)).Missing.ShouldBe([SchemaContract.SeedMarker]);
    }

    [Theory]
    [InlineData("ConnectionStrings__prosaasdb", "", "ConnectionStrings:prosaasdb is not set")]
    [InlineData("ConnectionStrings__prosaasdb", "Host=127.0.0.1;Sesame=hush-hush", "ConnectionStrings:prosaasdb is '***'")]
    [InlineData("ConnectionStrings__prosaasdb", "Username=u;Password=hush-hush", "ConnectionStrings:prosaasdb is '***'")]
    [InlineData("Database__AppPassword", "", "Database:AppPassword is not set")]
    [InlineData("Migrations__ConnectTimeout", "soon", "Migrations:ConnectTimeout is 'soon'")]
    [InlineData("Migrations__ConnectTimeout", "-00:00:01", "Migrations:ConnectTimeout is '-00:00:01'")]
    public async Task Wrong_setting_exits_78_with_one_line_that_names_it(string variable, string value, string line)
    {
        var environment = new TestDatabase("Host=127.0.0.1;Database=none;Username=u").WorkerEnvironment((variable, value));
        await using var worker = ServiceHandle.StartMigrationWorker(environment);

        (await worker.WaitForExitAsync()).ShouldBe(78);
        await worker.UntilLineAsync(line);

        worker.Lines.ShouldHaveSingleItem().ShouldNotContain("hush-hush");
    }

    [Fact]
    public async Task Database_that_never_comes_up_exits_1_and_is_named()
    {
        var environment = new TestDatabase("Host=127.0.0.1;Port=1;Database=nowhere;Username=u").WorkerEnvironment(("Migrations__ConnectTimeout", "00:00:00.5"));
        await using var worker = ServiceHandle.StartMigrationWorker(environment);

        (await worker.WaitForExitAsync()).ShouldBe(1);
        await worker.UntilLineAsync("database 'nowhere' on 127.0.0.1:1 could not be reached within 00:00:00.5");
    }

    private static async Task<SchemaStatus> StatusAsync(TestDatabase database, bool seedExpected = false)
    {
        await using var connection = await Database.OpenAsync(database.Owner);
        return await SchemaReader.ReadAsync(connection, seedExpected, TestContext.Current.CancellationToken);
    }

    private async Task FinishAsync(TestDatabase database, MigrationBlock block)
    {
        await block.ReleaseAsync();
        await block.RemoveAsync();
        await using var second = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment());
        (await second.WaitForExitAsync()).ShouldBe(0);

        (await SchemaDump.OfAsync(database.Owner)).ShouldBe(await SchemaDump.OfAsync(await postgres.CreateMigratedAsync(seed: true)));
        (await Database.ColumnAsync(database.Owner, "SELECT concat_ws(' ', state, error_type) FROM migration_runs ORDER BY id")).ShouldBe(["failed abandoned", "succeeded"]);
    }
}
