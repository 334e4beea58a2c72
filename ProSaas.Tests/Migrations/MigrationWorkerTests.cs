using ProSaas.Data.Schema;
using ProSaas.Testing.Linked.Pending;

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

        worker.Lines.ShouldContain(line =>
            line.Contains("INFO", StringComparison.Ordinal) && line.EndsWith("🔒 Migrations complete", StringComparison.Ordinal));
        (await StatusAsync(database, seedExpected: true)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Database_from_before_the_first_release_exits_1_is_told_how_to_be_reset_and_is_not_changed()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await Database.ExecuteAsync(database.Owner, """
            DELETE FROM "__EFMigrationsHistory";
            INSERT INTO "__EFMigrationsHistory" SELECT id, '10.0.15' FROM unnest(ARRAY[
                '20261123230730_SchemaContract', '20261123230738_Businesses', '20261123230746_FaqEntries', '20261123230755_AgentVersions',
                '20261125155739_Accounts', '20261125163225_BusinessAudit', '20261125195330_Conversations', '20261125203500_FaqSearch',
                '20261125224406_SpeechUsage', '20261126055457_WhatsApp']) AS id
            """);
        var before = await SchemaDump.OfAsync(database.Owner);
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment());

        (await worker.WaitForExitAsync()).ShouldBe(1);
        await worker.UntilLineAsync($"The database '{database.Name}' on 127.0.0.1");

        worker.Lines.Count.ShouldBe(2);
        worker.Lines[^1].ShouldContain("is from before the first release");
        worker.Lines[^1].ShouldContain("reset-database");
        worker.Lines[^1].ShouldContain("docker volume rm prosaasil_postgres-data");
        (await SchemaDump.OfAsync(database.Owner)).ShouldBe(before);
        (await StatusAsync(database)).Missing.ShouldBe(SchemaContract.Migrations);
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
        var environment = new TestDatabase("Host=127.0.0.1;Port=1;Database=nowhere;Username=u")
            .WorkerEnvironment(("Migrations__ConnectTimeout", "00:00:00.5"));
        await using var worker = ServiceHandle.StartMigrationWorker(environment);

        (await worker.WaitForExitAsync()).ShouldBe(1);
        await worker.UntilLineAsync("database 'nowhere' on 127.0.0.1:1 could not be reached within 00:00:00.5");
    }

    [Fact]
    public async Task Lock_that_is_waited_for_is_told_with_who_holds_it_and_stops_no_request_for_a_second()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var holder = await Database.OpenAsync(
            new NpgsqlConnectionStringBuilder(database.Owner) { ApplicationName = "nightly report", Pooling = false }.ConnectionString);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Database.ExecuteAsync(holder, "SELECT 'hush-hush' FROM faq_entries LIMIT 1");
        await using var worker = ServiceHandle.StartMigrationWorker(database.WorkerEnvironment(PendingMigrations.Environment));

        await using var reader = await Database.OpenAsync(database.Owner);
        var longest = TimeSpan.Zero;
        await Eventually.TrueAsync(
            async () =>
            {
                var started = Stopwatch.StartNew();
                await Database.ExecuteAsync(reader, "SELECT count(*) FROM faq_entries");
                longest = started.Elapsed > longest ? started.Elapsed : longest;
                return worker.Lines.Count(line => line.Contains("gave its lock up", StringComparison.Ordinal)) >= 3;
            },
            "three tries gave up");

        longest.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        var told = worker.Lines.First(line => line.Contains("waits for a lock", StringComparison.Ordinal));
        told.ShouldContain($"faq_entries, held by pid {holder.ProcessID} ('nightly report', postgres, idle in transaction since ");
        told.ShouldContain("SELECT)");
        string.Join('\n', worker.Lines).ShouldNotContain("hush-hush");
        worker.Lines.Count(line => line.Contains("waits for a lock", StringComparison.Ordinal)).ShouldBeLessThan(3);

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        (await worker.WaitForExitAsync()).ShouldBe(0, string.Join('\n', worker.Lines));
    }

    private static async Task<SchemaStatus> StatusAsync(TestDatabase database, bool seedExpected = false)
    {
        await using var connection = await Database.OpenAsync(database.Owner);
        return await SchemaReader.ReadAsync(connection, seedExpected, TestContext.Current.CancellationToken);
    }
}
