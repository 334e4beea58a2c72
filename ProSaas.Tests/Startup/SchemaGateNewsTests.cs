using ProSaas.Api.Startup;
using ProSaas.Data.Schema;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Startup;

/// <summary>What the gate makes of what it finds in the database, and how soon.</summary>
public sealed class SchemaGateNewsTests(PostgresFixture postgres)
{
    private static readonly string LastMigration = SchemaContract.Migrations[^1];

    [Fact]
    public async Task Last_migration_is_learnt_within_50_ms_by_its_notification()
    {
        var owner = await WithoutLastMigrationAsync();
        await using var connection = await Database.OpenAsync(owner);
        await using var gate = await WaitingGateAsync(owner);

        await ApplyLastMigrationAsync(connection);
        var committed = Stopwatch.GetTimestamp();
        await gate.UntilOpenAsync();

        // Three times the promise, for a machine that does other things; the poll would take up to a second.
        Stopwatch.GetElapsedTime(committed).TotalMilliseconds.ShouldBeLessThan(150);
    }

    [Fact]
    public async Task Lost_notification_is_made_up_for_by_the_poll()
    {
        var owner = await WithoutLastMigrationAsync();
        await Database.ExecuteAsync(owner, "DROP TRIGGER schema_applied_notify ON schema_applied");
        await using var connection = await Database.OpenAsync(owner);
        await using var gate = await WaitingGateAsync(owner);

        await ApplyLastMigrationAsync(connection);
        var committed = Stopwatch.GetTimestamp();
        await gate.UntilOpenAsync();

        Stopwatch.GetElapsedTime(committed).TotalSeconds.ShouldBeLessThan(1.5);
    }

    [Fact]
    public async Task Gate_reads_nothing_but_its_own_tables()
    {
        var owner = await WithoutLastMigrationAsync();
        using var spans = new SpanCollector("Npgsql");
        await using var gate = await WaitingGateAsync(owner);
        await Database.ExecuteAsync(owner, $"INSERT INTO \"__EFMigrationsHistory\" VALUES ('{LastMigration}', 'test')");
        await gate.UntilOpenAsync();
        await gate.Pipeline.UntilAsync("schema_gate", StartupPhaseState.Succeeded);

        var trace = gate.Pipeline.Spans.Single(span => span.OperationName == "startup.schema_gate").TraceId;
        var statements = spans.OfTrace(trace)
            .Select(span => span.GetTagItem("db.query.text") as string).OfType<string>().Distinct().ToList();
        statements[0].ShouldBe("LISTEN prosaas_schema");
        statements[1].ShouldContain("to_regclass('public.schema_applied')");
        statements.ShouldAllBe(statement => !statement.Contains("History", StringComparison.OrdinalIgnoreCase));
        statements.Skip(1).ShouldAllBe(statement => statement.Contains("public.schema_applied", StringComparison.Ordinal)
            || statement.Contains("public.migration_runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rolled_back_migration_does_not_open_the_gate()
    {
        var owner = await WithoutLastMigrationAsync();
        await using var connection = await Database.OpenAsync(owner);
        await using var gate = await WaitingGateAsync(owner);

        await Database.ExecuteAsync(connection, "BEGIN");
        await ApplyLastMigrationAsync(connection);
        await Database.ExecuteAsync(connection, "ROLLBACK");
        var rolledBack = await Database.ScalarAsync<string>(connection, "SELECT clock_timestamp()::text");
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(connection,
                $"SELECT max(query_start) > '{rolledBack}' FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'prosaas-api schema gate'"),
            "the gate has checked again");
        gate.State.IsOpen.ShouldBeFalse();

        await ApplyLastMigrationAsync(connection);
        await gate.UntilOpenAsync();
    }

    [Theory]
    [InlineData("99.0.0")]
    [InlineData("a release of the future")]
    public async Task Newer_migration_marked_as_breaking_keeps_the_gate_shut_and_names_the_release(string mark)
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(
            owner, $"INSERT INTO schema_applied (migration_id, required_release) VALUES ('29990101000000_Breaking', '{mark}')");
        await using var gate = new SchemaGateFixture(Database.AsApp(owner));
        await gate.StartAsync();

        await gate.UntilWaitingForAsync($"release {mark} or newer");
        gate.Lines(LogLevel.Error).ShouldContain(line => line.Contains($"release {mark} or newer is needed", StringComparison.Ordinal));
        gate.State.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Database_from_before_the_first_release_keeps_the_gate_shut()
    {
        var owner = await WithoutLastMigrationAsync();
        await Database.ExecuteAsync(owner, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20261123230730_SchemaContract', 'test')");

        await using var gate = await WaitingGateAsync(owner);

        gate.State.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Newer_migration_without_a_mark_opens_the_gate()
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(owner, "INSERT INTO schema_applied (migration_id) VALUES ('29990101000000_Compatible')");
        await using var gate = new SchemaGateFixture(Database.AsApp(owner));
        await gate.StartAsync();

        await gate.UntilOpenAsync();
    }

    [Fact]
    public async Task Seed_is_waited_for_in_development_and_not_in_production()
    {
        var owner = await postgres.CreateMigratedAsync(seed: false);
        await using var production = new SchemaGateFixture(Database.AsApp(owner), production: true);
        await production.StartAsync();
        await production.UntilOpenAsync();

        await using var development = new SchemaGateFixture(Database.AsApp(owner));
        await development.StartAsync();
        await development.UntilWaitingForAsync(SchemaContract.SeedMarker);
        await Database.MigrateAsync(owner, seed: true);
        await development.UntilOpenAsync();
    }

    [Fact]
    public async Task Database_that_is_not_there_yet_is_not_ready_and_no_failure()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync())
        {
            Database = $"test_{Guid.NewGuid():N}"
        }.ConnectionString;
        await using var gate = new SchemaGateFixture(Database.AsApp(database));
        await gate.StartAsync();

        await Eventually.TrueAsync(() => gate.Phase.LastErrorType == "Npgsql.PostgresException", "the gate has asked");
        gate.Phase.WaitingFor.ShouldBe("the database");
        gate.Phase.State.ShouldBe(StartupPhaseState.Running);
    }

    [Fact]
    public async Task Failure_of_the_worker_is_logged_once_by_its_type_and_shown_until_a_run_succeeds()
    {
        var owner = await WithoutLastMigrationAsync();
        await Database.ExecuteAsync(owner,
            "INSERT INTO migration_runs (state, error_type, migrator, ended_at) VALUES ('failed', 'Npgsql.PostgresException 42P07', 'test', now())");
        await using var gate = await WaitingGateAsync(owner);

        await Eventually.TrueAsync(() => gate.Lines(LogLevel.Error).Any(), "the failure is logged");
        gate.State.LastFailure.ShouldNotBeNull().ErrorType.ShouldBe("Npgsql.PostgresException 42P07");
        gate.Lines(LogLevel.Error).Count(line => line == "❌ MIGRATION FAILED").ShouldBe(1);
        gate.Lines(LogLevel.Error).ShouldContain(line => line.Contains("Npgsql.PostgresException 42P07", StringComparison.Ordinal));

        await Database.ExecuteAsync(owner, "INSERT INTO migration_runs (state, migrator) VALUES ('succeeded', 'test')");
        await Eventually.TrueAsync(() => gate.State.LastFailure is null, "the failure is made good");
    }

    [Fact]
    public void Failure_is_shown_while_the_next_run_is_under_way()
    {
        var state = new SchemaGateState();
        foreach (var run in (string[])[MigrationRun.Failed, MigrationRun.Running])
        {
            state.RecordRun(new MigrationRun { Id = 1, State = run, StartedAt = DateTimeOffset.UnixEpoch });
            state.LastFailure.ShouldNotBeNull().State.ShouldBe(MigrationRun.Failed);
        }
    }

    [Theory]
    [InlineData("a superuser", "ALTER ROLE {0} SUPERUSER")]
    [InlineData("bypass row-level security", "ALTER ROLE {0} BYPASSRLS")]
    [InlineData("owns the database", "ALTER DATABASE {1} OWNER TO {0}")]
    [InlineData("owns tables", "ALTER TABLE faq_entries OWNER TO {0}")]
    [InlineData("owns tables",
        "CREATE ROLE owner_{0} NOLOGIN ROLE {0}; ALTER ROLE {0} NOINHERIT; ALTER TABLE faq_entries OWNER TO owner_{0}")]
    public async Task Login_with_too_many_rights_is_refused_in_production(string excess, string grant)
    {
        var owner = await postgres.CreateMigratedAsync();
        var settings = new NpgsqlConnectionStringBuilder(owner);
        var login = $"role_{Guid.NewGuid():N}";
        await Database.ExecuteAsync(owner, $"""
            CREATE ROLE {login} LOGIN PASSWORD 'x';
            GRANT CONNECT ON DATABASE {settings.Database} TO {login};
            GRANT USAGE ON SCHEMA public TO {login};
            GRANT SELECT ON schema_applied, migration_runs TO {login};
            {grant.Replace("{0}", login, StringComparison.Ordinal).Replace("{1}", settings.Database, StringComparison.Ordinal)}
            """);
        await using var gate = new SchemaGateFixture(
            new NpgsqlConnectionStringBuilder(owner) { Username = login, Password = "x" }.ConnectionString, production: true);
        await gate.StartAsync();

        await gate.Pipeline.UntilAsync("schema_gate", StartupPhaseState.Failed);
        gate.Lines(LogLevel.Error).ShouldHaveSingleItem().ShouldContain(excess);
        gate.Outcome.ExitCode.ShouldBe(ServiceProcess.ConfigurationExitCode);
        gate.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
        gate.State.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Span_of_the_gate_links_to_the_workers_run()
    {
        var owner = await postgres.CreateDatabaseAsync();
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Database.MigrateAsync(owner, seed: true);
        root.Stop();
        await using var gate = new SchemaGateFixture(Database.AsApp(owner));
        await gate.StartAsync();
        await gate.Pipeline.UntilAsync("schema_gate", StartupPhaseState.Succeeded);

        var span = gate.Pipeline.Spans.Single(span => span.OperationName == "startup.schema_gate");
        span.Links.Single().Context.TraceId.ShouldBe(root.TraceId);
        span.TraceId.ShouldNotBe(root.TraceId);
    }

    private static Task ApplyLastMigrationAsync(NpgsqlConnection connection) =>
        Database.ExecuteAsync(connection, $"INSERT INTO \"__EFMigrationsHistory\" VALUES ('{LastMigration}', 'test')");

    private static async Task<SchemaGateFixture> WaitingGateAsync(string owner)
    {
        var gate = new SchemaGateFixture(Database.AsApp(owner));
        await gate.StartAsync();
        await gate.UntilWaitingForAsync(LastMigration);
        return gate;
    }

    private async Task<string> WithoutLastMigrationAsync()
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(owner, $"DELETE FROM \"__EFMigrationsHistory\" WHERE migration_id = '{LastMigration}'");
        return owner;
    }
}
