using System.Runtime.Versioning;

namespace ProSaas.Tests.Deploy;

/// <summary>
/// <c>dcprod.sh backup</c> and <c>restore</c> with PostgreSQL's own programs and the real migration worker, on a server of their
/// own: what <c>docker</c> would run in a container runs here.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class BackupTests : IAsyncLifetime
{
    private const string N8nPassword = "n8n-password";

    private readonly PostgresFixture _postgres = PostgresFixture.With("log_min_messages=fatal");
    private NpgsqlConnectionStringBuilder _database = null!;
    private ServerFixture _server = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "dcprod.sh is a shell script.");
        Assert.SkipUnless(ShellCommand.IsOnPath("pg_dump"), "pg_dump is not on the PATH: on Debian, 'apt-get install postgresql-client'");
        _database = new NpgsqlConnectionStringBuilder(await _postgres.CreateDatabaseAsync()) { Database = "prosaasdb", Pooling = false };
        var version = await ScalarAsync("postgres", "SHOW server_version_num");
        var client = await ShellCommand.RunAsync("/", "pg_dump", "--version");
        Assert.SkipUnless(client.Output.Contains($" {int.Parse((string)version!, null) / 10_000}.", StringComparison.Ordinal),
            $"pg_dump is of another release than the server: {client.Output}");
        _server = new ServerFixture($$"""
              *" exec -T postgres "*) while [ "$1" != postgres ]; do shift; done; shift; POSTGRES_PASSWORD=$OWN_PASSWORD exec "$@" ;;
              *" run --rm -T --no-deps migrations") exec dotnet "{{AppContext.BaseDirectory}}/ProSaas.MigrationWorker.dll" ;;
              "ps -a "*) echo 'prosaas-api Up 3 minutes (healthy)' ;;
            """);
        var migrator = Migrator(_database);
        foreach (var (name, value) in migrator)
        {
            _server.Set(name, value);
        }

        _server.Set("PGHOST", _database.Host);
        _server.Set("PGPORT", $"{_database.Port}");
        _server.Set("OWN_PASSWORD", _database.Password);
        await using var worker = ServiceHandle.StartMigrationWorker(migrator);
        (await worker.WaitForExitAsync()).ShouldBe(0, string.Join('\n', worker.Lines));
        await ScalarAsync("prosaasdb",
            "INSERT INTO businesses (name, business_type, greeting, system_prompt) VALUES ('Dana''s', 'hairdresser', 'Hello', 'Be brief')");
        await ScalarAsync("n8n", "CREATE TABLE workflow (name text); INSERT INTO workflow VALUES ('greet')");
    }

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task What_was_backed_up_comes_back_and_what_was_there_is_kept()
    {
        var backup = await _server.RunAsync("backup", "monday");
        backup.ExitCode.ShouldBe(0, backup.Error);
        File.GetUnixFileMode(_server.At("elsewhere/monday/prosaasdb.dump")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _server.RunAsync("backup", "monday")).Error.ShouldContain("prosaasdb.dump is there already: choose a new folder.");
        await ScalarAsync("prosaasdb", "UPDATE businesses SET name = 'Spoilt'");
        await ScalarAsync("n8n", "DROP TABLE workflow");

        var restore = await _server.RunAsync("restore", "monday");

        restore.ExitCode.ShouldBe(0, restore.Error);
        (await ScalarAsync("prosaasdb", "SELECT name FROM businesses")).ShouldBe("Dana's");
        (await ScalarAsync("n8n", "SELECT name FROM workflow")).ShouldBe("greet");
        var kept = (string)(await ScalarAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'prosaasdb_before_%'"))!;
        (await ScalarAsync(kept, "SELECT name FROM businesses")).ShouldBe("Spoilt");
        restore.Error.ShouldContain($"databases *_{kept["prosaasdb_".Length..]}");

        // The roles have their way in again, and see no more than before.
        var app = new NpgsqlConnectionStringBuilder(Testing.Database.AsApp(_database.ConnectionString)) { Pooling = false };
        await using var asApp = await Testing.Database.OpenAsync(app.ConnectionString);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM businesses", asApp);
        (await count.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
        await using var asN8n = await Testing.Database.OpenAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            Database = "n8n",
            Username = "n8n",
            Password = N8nPassword
        }.ConnectionString);
        await Testing.Database.ExecuteAsync(asN8n, "CREATE TABLE mine (id int)");

        _server.Calls.ShouldContain($"{ServerFixture.Compose} stop prosaas-api baileys n8n");
        _server.Calls.ShouldContain($"{ServerFixture.Compose} up -d");
    }

    [Fact]
    public async Task Encrypted_backup_comes_back_ends_sessions_and_names_what_was_changed_since()
    {
        await File.WriteAllTextAsync(_server.At("passphrase"), "open sesame", TestContext.Current.CancellationToken);
        _server.Write("BACKUP_PASSPHRASE_FILE", _server.At("passphrase"));
        _server.Write("BACKUP_KEEP", "1");
        await ScalarAsync("prosaasdb", """
            INSERT INTO accounts (is_system_admin, created_at, email, normalized_email, user_name, normalized_user_name, password_hash, security_stamp)
            SELECT false, now(), n, upper(n), n, upper(n), 'old', 'old' FROM unnest(ARRAY['gone@x.org', 'kept@x.org']) n;
            INSERT INTO account_sessions (id, account_id, created_at, expires_at, ends_at)
            SELECT gen_random_uuid(), id, now(), now() + '1 day', now() + '1 day' FROM accounts
            """);
        (await _server.RunAsync("backup", "monday")).ExitCode.ShouldBe(0);
        var backup = await _server.RunAsync("backup", "tuesday");
        backup.ExitCode.ShouldBe(0, backup.Error);
        backup.Error.ShouldContain("Removed the backup monday: BACKUP_KEEP is 1.");
        await ScalarAsync("prosaasdb", "UPDATE accounts SET disabled_at = now(), password_hash = 'new' WHERE email = 'gone@x.org'");

        var restore = await _server.RunAsync("restore", "tuesday");

        restore.ExitCode.ShouldBe(0, restore.Error);
        restore.Error.ShouldContain("Account gone@x.org was disabled since the backup and is in use again: disable it.");
        restore.Error.ShouldContain("Account gone@x.org has the password from before again");
        restore.Error.ShouldNotContain("kept@x.org");
        (await ScalarAsync("prosaasdb", "SELECT count(*) FROM account_sessions")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("*\"RENAME TO\"*")]
    [InlineData("*\" stop prosaas-api\"*")]
    [InlineData("*\" migrations\"")]
    public async Task Restore_that_fails_at_a_step_puts_back_what_was_there(string step)
    {
        (await _server.RunAsync("backup", "monday")).ExitCode.ShouldBe(0);
        await ScalarAsync("prosaasdb", "UPDATE businesses SET name = 'Current'");
        _server.Edit("bin/docker", "case \"$*\" in", $"case \"$*\" in\n  {step}) [ -e failed ] || {{ touch failed; exit 1; }} ;;&");

        var restore = await _server.RunAsync("restore", "monday");

        restore.ExitCode.ShouldBe(70, restore.Error);
        (await ScalarAsync("prosaasdb", "SELECT name FROM businesses")).ShouldBe("Current");
        _server.Calls[^1].ShouldEndWith(" start prosaas-api baileys n8n");
    }

    [Fact]
    public async Task Dump_that_cannot_be_read_or_breaks_off_changes_nothing_and_stops_nothing()
    {
        (await _server.RunAsync("restore", "nowhere")).Error
            .ShouldContain("prosaasdb.dump is missing or cannot be read: nothing was changed.");
        (await _server.RunAsync("backup", "monday")).ExitCode.ShouldBe(0);
        var dump = _server.At("elsewhere/monday/prosaasdb.dump");
        var whole = await File.ReadAllBytesAsync(dump, TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(dump, "not a dump", TestContext.Current.CancellationToken);
        (await _server.RunAsync("restore", "monday")).Error
            .ShouldContain("prosaasdb.dump is no dump that PostgreSQL can read: nothing was changed.");
        await File.WriteAllBytesAsync(dump, whole[..^10], TestContext.Current.CancellationToken);
        var broken = await _server.RunAsync("restore", "monday");

        broken.ExitCode.ShouldBe(70, broken.Error);
        broken.Error.ShouldContain("prosaasdb could not be restored: the error is above. What was there is unchanged and in use.");
        (await ScalarAsync("prosaasdb", "SELECT name FROM businesses")).ShouldBe("Dana's");
        _server.Calls.ShouldNotContain(call => call.Contains(" stop ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Backup_that_fails_leaves_no_file_that_looks_like_one()
    {
        await ScalarAsync("postgres", "ALTER DATABASE n8n RENAME TO elsewhere");

        var backup = await _server.RunAsync("backup", "monday");

        backup.ExitCode.ShouldBe(70);
        backup.Error.ShouldContain("n8n could not be dumped: the error is above.");
        Directory.GetFiles(_server.At("elsewhere/monday")).Select(Path.GetFileName).ShouldBe(["prosaasdb.dump"]);
    }

    [Fact]
    public async Task Guide_to_a_newer_postgres_followed_to_the_letter_brings_the_data_to_the_new_server_and_keeps_the_old()
    {
        await using var newServer = PostgresFixture.With("log_min_messages=fatal");
        var target = new NpgsqlConnectionStringBuilder(await newServer.CreateDatabaseAsync()) { Database = "prosaasdb", Pooling = false };
        // The old server answers until its files are put aside, the new one from then on.
        using var server = new ServerFixture($$"""
              "volume inspect "*) ;;
              "run --rm --network none "*) cd "$VOLUME" && exec sh -ec "${@: -1}" ;;
              *" exec -T postgres "*)
                while [ "$1" != postgres ]; do shift; done; shift
                if [ -d "$VOLUME/kept-17" ]; then export PGHOST=$NEW_HOST PGPORT=$NEW_PORT POSTGRES_PASSWORD=$NEW_PASSWORD; else export POSTGRES_PASSWORD=$OLD_PASSWORD; fi
                exec "$@" ;;
              *" run --rm -T --no-deps migrations") exec dotnet "{{AppContext.BaseDirectory}}/ProSaas.MigrationWorker.dll" ;;
              *" up -d --wait postgres") [ -e "$VOLUME/PG_VERSION" ] || { mkdir -p "$VOLUME/18/docker" && echo 18 >"$VOLUME/18/docker/PG_VERSION"; } ;;
              "ps -a "*) echo 'prosaas-api Up 3 minutes (healthy)' ;;
            """);
        foreach (var (name, value) in Migrator(target).Concat(new Dictionary<string, string?>
        {
            ["VOLUME"] = server.At("volume"),
            ["PGHOST"] = _database.Host,
            ["PGPORT"] = $"{_database.Port}",
            ["OLD_PASSWORD"] = _database.Password,
            ["NEW_HOST"] = target.Host,
            ["NEW_PORT"] = $"{target.Port}",
            ["NEW_PASSWORD"] = target.Password,
        }))
        {
            server.Set(name, value);
        }

        Directory.CreateDirectory(server.At("volume/base"));
        await File.WriteAllTextAsync(server.At("volume/PG_VERSION"), "17\n", TestContext.Current.CancellationToken);
        var guide = Repository.Read("docs/deploy.md")
            .Split("\n## ").Single(section => section.StartsWith("From PostgreSQL 17 to 18\n", StringComparison.Ordinal))
            .Replace("/var/backups/prosaas", server.At("elsewhere"), StringComparison.Ordinal)
            .Replace("<the new release's tag>", "new", StringComparison.Ordinal).Split("```").Where((_, index) => index % 2 is 1).ToList();
        guide.Count.ShouldBe(5);

        var moved = await server.RunLineAsync($"set -e; cd ..; git() {{ echo \"git $*\"; }}\n{string.Join('\n', guide[..3])}");

        moved.ExitCode.ShouldBe(0, moved.Error);
        moved.Output.ShouldContain("\nkept-17/PG_VERSION\n");
        (await ScalarAsync("prosaasdb", "SELECT name FROM businesses", target)).ShouldBe("Dana's");
        (await ScalarAsync("n8n", "SELECT name FROM workflow", target)).ShouldBe("greet");
        (await ScalarAsync("prosaasdb", "SELECT name FROM businesses")).ShouldBe("Dana's");
        Directory.Exists(server.At("volume/kept-17/base")).ShouldBeTrue();
        moved.Error.TrimEnd().Split('\n')[^1].ShouldStartWith("Restored from ");

        var back = await server.RunLineAsync($"set -e; cd ..; git() {{ echo \"git $*\"; }}\n{guide[4].Split("git checkout")[0]}");

        back.ExitCode.ShouldBe(0, back.Error);
        Directory.GetFileSystemEntries(server.At("volume")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["PG_VERSION", "base", "kept-18"]);
    }

    private static Dictionary<string, string?> Migrator(NpgsqlConnectionStringBuilder database) => new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__prosaasdb"] = database.ConnectionString,
        ["Database__AppPassword"] = PostgresFixture.AppPassword,
        ["Database__N8nPassword"] = N8nPassword,
    };

    private async Task<object?> ScalarAsync(string database, string sql, NpgsqlConnectionStringBuilder? server = null)
    {
        await using var connection = await Testing.Database.OpenAsync(
            new NpgsqlConnectionStringBuilder((server ?? _database).ConnectionString) { Database = database }.ConnectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
