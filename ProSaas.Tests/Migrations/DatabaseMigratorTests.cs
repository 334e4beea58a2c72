using ProSaas.Data.Migrating;
using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations;

public sealed class DatabaseMigratorTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Empty_database_is_brought_to_this_binarys_schema_and_the_run_recorded()
    {
        var database = await postgres.CreateDatabaseAsync();
        var run = Run(database, seed: true);

        await run.RunAsync(Token);

        (await StatusAsync(database, seedExpected: true)).IsReady.ShouldBeTrue();
        (await Database.ColumnAsync(database, """SELECT migration_id::text FROM "__EFMigrationsHistory" ORDER BY 1"""))
            .ShouldBe(SchemaContract.Migrations);
        var recorded = await LatestAsync(database);
        (recorded.State, recorded.ErrorType).ShouldBe((MigrationRun.Succeeded, null));
        recorded.EndedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(recorded.StartedAt);
        run.Lines(LogLevel.Information).Last().ShouldBe("🔒 Migrations complete");
    }

    [Fact]
    public async Task Four_migrators_at_once_do_the_work_once_and_all_succeed()
    {
        var database = await postgres.CreateDatabaseAsync();
        var runs = Enumerable.Range(0, 4).Select(_ => Run(database, seed: true)).ToList();

        await Task.WhenAll(runs.Select(run => run.RunAsync(Token)));

        (await SchemaDump.OfAsync(database)).ShouldBe(await SchemaDump.OfAsync(await postgres.CreateMigratedAsync(seed: true)));
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM migration_runs WHERE state = 'succeeded'")).ShouldBe(4);
        (await Database.ScalarAsync<bool>(database,
            "SELECT bool_and(a.ended_at <= b.started_at) FROM migration_runs a JOIN migration_runs b ON b.id = a.id + 1")).ShouldBeTrue();
        runs.SelectMany(run => run.Lines()).Count(line => line.StartsWith("Seeded", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Migrators_of_different_databases_may_make_the_same_roles_at_once()
    {
        var databases = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            databases.Add(await postgres.CreateDatabaseAsync());
        }

        await Task.WhenAll(databases.Select(database => Run(database).RunAsync(Token)));

        foreach (var database in databases)
        {
            (await StatusAsync(database)).IsReady.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Database_that_needs_a_newer_release_fails_the_run()
    {
        var database = await postgres.CreateMigratedAsync();
        await Database.ExecuteAsync(
            database, "INSERT INTO schema_applied (migration_id, required_release) VALUES ('29990101000000_Breaking', '2.0.0')");

        var failure = await Should.ThrowAsync<MigrationFailedException>(() => Run(database).RunAsync(Token));

        failure.Message.ShouldContain("2.0.0");
        (await LatestAsync(database)).State.ShouldBe(MigrationRun.Failed);
    }

    [Fact]
    public async Task Run_that_a_dead_migrator_left_open_is_marked_as_abandoned()
    {
        var database = await postgres.CreateMigratedAsync();
        await Database.ExecuteAsync(database, "INSERT INTO migration_runs (state, migrator) VALUES ('running', 'dead')");

        await Run(database).RunAsync(Token);

        (await Database.ScalarAsync<string>(database, "SELECT state || ' ' || error_type FROM migration_runs WHERE migrator = 'dead'"))
            .ShouldBe("failed abandoned");
    }

    [Fact]
    public async Task Loss_of_the_lock_connection_ends_the_run_with_a_failure()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var block = await MigrationBlock.InsideAsync(database, table: "faq_entries");
        var running = Run(database).RunAsync(Token);
        await block.UntilReachedAsync();

        await Database.ExecuteAsync(database, $"""
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = {MigrationLock.Key}
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);

        (await Should.ThrowAsync<MigrationFailedException>(() => running.WaitAsync(TimeSpan.FromSeconds(10), Token))).Message
            .ShouldContain("lock");
        (await LatestAsync(database)).State.ShouldBe(MigrationRun.Failed);
        (await StatusAsync(database)).Missing.ShouldBe(SchemaContract.Migrations);
    }

    [Fact]
    public async Task Busy_table_is_waited_for_in_short_tries()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var traffic = await Database.OpenAsync(database);
        await Database.ExecuteAsync(traffic, """
            CREATE TABLE "__EFMigrationsHistory" (migration_id varchar(150) PRIMARY KEY, product_version varchar(32) NOT NULL);
            BEGIN;
            LOCK TABLE "__EFMigrationsHistory" IN SHARE MODE
            """);
        var run = Run(database, lockTimeout: TimeSpan.FromMilliseconds(50));
        var running = run.RunAsync(Token);

        await Eventually.TrueAsync(
            () => run.Lines(LogLevel.Warning).Count(line => line.Contains("55P03", StringComparison.Ordinal)) >= 2, "two attempts gave up");
        running.IsCompleted.ShouldBeFalse();
        await Database.ExecuteAsync(traffic, "ROLLBACK");

        await running;
        (await StatusAsync(database)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Spans_name_each_migration_and_the_run_keeps_their_trace()
    {
        var database = await postgres.CreateDatabaseAsync();
        using var spans = new SpanCollector("ProSaas.Startup");
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Run(database, seed: true).RunAsync(Token);
        root.Stop();

        var mine = spans.OfTrace(root.TraceId);
        var migrate = mine.Single(span => span.OperationName == "startup.migrate");
        var migrations = mine.Where(span => span.OperationName == "startup.migrate.migration").ToList();
        migrations.Select(span => span.GetTagItem("migration.id")).ShouldBe(SchemaContract.Migrations);
        migrations.ShouldAllBe(span => span.ParentSpanId == migrate.SpanId);
        mine.Single(span => span.OperationName == "startup.migrate.seed").ParentSpanId.ShouldBe(migrate.SpanId);
        (await LatestAsync(database)).TraceParent.ShouldBe(migrate.Id);
    }

    [Fact]
    public async Task Span_of_the_migration_that_failed_has_the_exception()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Database.ExecuteAsync(database, "CREATE TABLE faq_entries (in_the_way int)");
        using var spans = new SpanCollector("ProSaas.Startup");
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Should.ThrowAsync<MigrationFailedException>(() => Run(database).RunAsync(Token));
        root.Stop();

        var failed = spans.OfTrace(root.TraceId).Where(span => span.Status == ActivityStatusCode.Error).ToList();
        failed.Select(span => span.OperationName).ShouldBe(["startup.migrate.migration", "startup.migrate"]);
        failed[0].GetTagItem("migration.id").ShouldBe(SchemaContract.Migrations[^1]);
        failed.ShouldAllBe(span => span.Events.Any(e => e.Name == "exception"));
    }

    private static MigratorRun Run(string database, bool seed = false, TimeSpan? lockTimeout = null) => new(new MigratorOptions
    {
        ConnectionString = database,
        AppPassword = PostgresFixture.AppPassword,
        Seed = seed,
        LockTimeout = lockTimeout ?? MigratorOptions.DefaultLockTimeout,
    });

    private static async Task<SchemaStatus> StatusAsync(string database, bool seedExpected = false)
    {
        await using var connection = await Database.OpenAsync(database);
        return await SchemaReader.ReadAsync(connection, seedExpected, Token);
    }

    private static async Task<MigrationRun> LatestAsync(string database)
    {
        await using var connection = await Database.OpenAsync(database);
        return (await MigrationRuns.LatestAsync(connection, Token)).ShouldNotBeNull();
    }
}
