using ProSaas.Data.Migrating;
using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations;

public sealed class MigratorConnectionTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_that_is_not_there_yet_is_made()
    {
        var settings = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = $"test_{Guid.NewGuid():N}" };

        await Run(settings.ConnectionString).RunAsync(Token);

        (await Database.ScalarAsync<string>(settings.ConnectionString, "SHOW server_encoding")).ShouldBe("UTF8");
        (await Database.ScalarAsync<long>(settings.ConnectionString, "SELECT count(*) FROM schema_applied"))
            .ShouldBe(SchemaContract.Migrations.Count);
    }

    [Fact]
    public async Task Database_that_another_makes_later_is_waited_for()
    {
        var owner = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var role = await CreateRoleAsync(owner.ConnectionString, "NOCREATEDB CREATEROLE");
        var late = $"test_{Guid.NewGuid():N}";
        var run = Run(With(owner.ConnectionString, role, late));
        var running = run.RunAsync(Token);
        await Eventually.TrueAsync(
            () => run.Lines(LogLevel.Warning).Any(line => line.Contains("Could not create", StringComparison.Ordinal)),
            "the first try was refused");

        await Database.ExecuteAsync(owner.ConnectionString, $"CREATE DATABASE {late} OWNER {role}");
        await running;

        (await Database.ScalarAsync<long>(With(owner.ConnectionString, "postgres", late, keepPassword: true),
            "SELECT count(*) FROM schema_applied")).ShouldBe(SchemaContract.Migrations.Count);
    }

    [Fact]
    public async Task Login_that_owns_the_database_and_may_create_roles_is_enough()
    {
        var owner = await postgres.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(owner).Database!;
        var role = await CreateRoleAsync(owner, "CREATEROLE");
        await Database.ExecuteAsync(owner, $"ALTER DATABASE {name} OWNER TO {role}");

        await new MigratorRun(
            new MigratorOptions { ConnectionString = With(owner, role, name), AppPassword = PostgresFixture.AppPassword, Seed = true })
            .RunAsync(Token);

        (await Database.ScalarAsync<string>(owner, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'businesses'")).ShouldBe(role);
        await using var data = new Data.DataServices(Database.AsApp(owner));
        (await data.ForBusinessAsync(1, (context, _) => Task.FromResult(context.Businesses.Count()))).ShouldBe(1);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("no-such-host.invalid")]
    public async Task Server_that_does_not_come_up_fails_the_run_by_host_and_database_and_without_the_password(string host)
    {
        var run = Run($"Host={host};Port={FreePorts.Next()};Database=nowhere;Username=u;Password=hush-hush", TimeSpan.FromSeconds(1));
        var started = Stopwatch.StartNew();

        var failure = await Should.ThrowAsync<MigrationFailedException>(() => run.RunAsync(Token));

        failure.Message.ShouldContain($"'nowhere' on {host}");
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        run.Lines(LogLevel.Warning).ShouldNotBeEmpty();
        run.Lines(LogLevel.Error).First().ShouldBe("❌ MIGRATION FAILED");
        Told(run, failure).ShouldNotContain("hush-hush");
    }

    [Fact]
    public async Task Server_that_comes_up_late_is_waited_for()
    {
        var database = await postgres.CreateDatabaseAsync();
        var port = FreePorts.Next();
        var run = Run(new NpgsqlConnectionStringBuilder(database) { Port = port }.ConnectionString);
        var running = run.RunAsync(Token);
        await Eventually.TrueAsync(() => run.Lines(LogLevel.Warning).Count() >= 2, "two tries have failed");

        await using var relay = new TcpRelay(port, new NpgsqlConnectionStringBuilder(database).Port);
        await running;

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM schema_applied")).ShouldBe(SchemaContract.Migrations.Count);
    }

    [Fact]
    public async Task Wrong_password_fails_at_once_and_is_not_told()
    {
        var run = Run(
            new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Password = "not-the-password" }.ConnectionString);
        var started = Stopwatch.StartNew();

        var failure = await Should.ThrowAsync<MigrationFailedException>(() => run.RunAsync(Token));

        failure.Message.ShouldContain("28P01");
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Told(run, failure).ShouldNotContain("not-the-password");
    }

    [Theory]
    [InlineData("pool_mode = transaction")]
    [InlineData("pool_mode = statement")]
    [InlineData("pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 4")]
    [InlineData("pool_mode = transaction\ndefault_pool_size = 1")]
    public async Task Pooler_of_transactions_is_refused_before_anything_is_changed(string settings)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var pooler = await Pooler.StartAsync(database, settings);
        await UntilPoolsAsync(pooler, connections: settings.Contains("robin", StringComparison.Ordinal) ? 4 : 1);

        var worker = await WorkerAsync(pooler);

        worker.ExitCode.ShouldBe(78, worker.Output);
        worker.Output.ShouldContain("ConnectionStrings:prosaasdb is '***'. Allowed: a connection to PostgreSQL itself");
        worker.Output.ShouldNotContain(new NpgsqlConnectionStringBuilder(database).Password!);
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(0);

        // Nothing of the migrator's session is left to whoever gets its connection next.
        (await Database.ScalarAsync<string>(pooler.ConnectionString, "SHOW lock_timeout")).ShouldBe("0");
    }

    [Fact]
    public async Task Pooler_of_transactions_ends_an_api_that_migrates_by_itself()
    {
        var database = new TestDatabase(await postgres.CreateDatabaseAsync());
        await using var pooler = await Pooler.StartAsync(database.Owner);
        await UntilPoolsAsync(pooler, connections: 1);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(
            ("RUN_MIGRATIONS_ON_START", "1"), ("ConnectionStrings__migrator", pooler.ConnectionString)));

        (await api.WaitForExitAsync()).ShouldBe(78);
        api.Lines.ShouldContain(line => line.Contains("ConnectionStrings:migrator is refused. Allowed: a connection to PostgreSQL itself",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pooler_of_sessions_is_as_good_as_the_server()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var pooler = await Pooler.StartAsync(database, "pool_mode = session");
        await UntilPoolsAsync(pooler, connections: 1);

        var worker = await WorkerAsync(pooler);

        worker.ExitCode.ShouldBe(0, worker.Output);
    }

    [Fact]
    public async Task Role_of_n8n_has_a_database_of_its_own_and_no_other()
    {
        var database = await postgres.CreateDatabaseAsync();
        var options = new MigratorOptions
        {
            ConnectionString = database,
            AppPassword = PostgresFixture.AppPassword,
            N8nPassword = "n8n'of the tests"
        };

        await new MigratorRun(options).RunAsync(Token);
        await new MigratorRun(options).RunAsync(Token);

        var n8n = new NpgsqlConnectionStringBuilder(database)
        {
            Database = "n8n",
            Username = "n8n",
            Password = options.N8nPassword,
            Pooling = false
        };
        await Database.ExecuteAsync(n8n.ConnectionString, "CREATE TABLE workflow (id int); DROP TABLE workflow");
        n8n.Database = new NpgsqlConnectionStringBuilder(database).Database;
        (await Should.ThrowAsync<PostgresException>(() => Database.OpenAsync(n8n.ConnectionString))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public void Password_is_hashed_as_the_server_would() =>
        // The known answer is RFC 7677's example: password "pencil", its salt, 4096 iterations.
        ScramVerifier.Create("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="))
            .ShouldBe(
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");

    private static MigratorRun Run(string connectionString, TimeSpan? connectTimeout = null) => new(new MigratorOptions
    {
        ConnectionString = connectionString,
        AppPassword = PostgresFixture.AppPassword,
        ConnectTimeout = connectTimeout ?? TimeSpan.FromSeconds(30),
    });

    private static async Task<(int ExitCode, string Output)> WorkerAsync(Pooler pooler)
    {
        await using var worker = ServiceHandle.StartMigrationWorker(
            new TestDatabase(pooler.ConnectionString).WorkerEnvironment(("DOTNET_ENVIRONMENT", "Production")));
        return (await worker.WaitForExitAsync(), string.Join('\n', worker.Lines));
    }

    /// <summary>Until it has that many connections to the server, all of them idle.</summary>
    internal static Task UntilPoolsAsync(Pooler pooler, int connections) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await Database.ScalarAsync<long>(
                    new NpgsqlConnectionStringBuilder(pooler.ConnectionString) { Pooling = false }.ConnectionString,
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") >= connections;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        },
        "the pooler has its connections");

    private static string Told(MigratorRun run, Exception failure) =>
        string.Join('\n', run.Log.GetSnapshot().Select(record => $"{record.Message} {record.Exception}")) + failure;

    private async Task<string> CreateRoleAsync(string superuser, string attributes)
    {
        // Since PostgreSQL 16 only who made a role or has its ADMIN option may change it, and here another test may have made these.
        await postgres.CreateMigratedAsync();
        var role = $"role_{Guid.NewGuid():N}";
        await Database.ExecuteAsync(superuser,
            $"CREATE ROLE {role} LOGIN PASSWORD '{role}' {attributes}; GRANT prosaas_app, prosaas_system TO {role} WITH ADMIN OPTION");
        return role;
    }

    private static string With(string connectionString, string role, string database, bool keepPassword = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Database = database };
        settings.Password = keepPassword ? settings.Password : role;
        return settings.ConnectionString;
    }
}
