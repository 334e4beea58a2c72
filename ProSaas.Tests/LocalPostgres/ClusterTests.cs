using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProSaas.Tests.LocalPostgres;

/// <summary>A cluster that the script runs: its start, its end, and what it keeps.</summary>
public sealed class ClusterTests
{
    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGHUP)]
    public async Task Stop_does_not_wait_for_clients(PosixSignal signal)
    {
        await using var server = await PostgresProcess.Run(folder: null).UntilReadyAsync();
        await using var connection = await Database.OpenAsync(server.ConnectionString);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        (await server.StopAsync(signal)).ShouldBe(0);

        server.Lines.ShouldContain("LOG:  received fast shutdown request");
        server.Lines[^1].ShouldBe("LOG:  database system is shut down");
    }

    [Fact]
    public async Task Data_without_a_folder_is_gone_with_the_run_or_with_the_next_where_it_was_killed()
    {
        await using var killed = await PostgresProcess.Run(folder: null).UntilReadyAsync();
        var left = await DataAsync(killed);
        await killed.KillAsync();

        await using var server = await PostgresProcess.Run(folder: null).UntilReadyAsync();
        var data = await DataAsync(server);
        (Directory.Exists(left), Directory.Exists(data)).ShouldBe((false, true));
        await server.StopAsync();

        Directory.Exists(data).ShouldBeFalse();

        static async Task<string> DataAsync(PostgresProcess server) =>
            Path.GetDirectoryName(await Database.ScalarAsync<string>(server.ConnectionString, "SHOW data_directory"))!;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Committed_row_is_there_after_a_crash_of_the_server_and_of_the_script_with_which_the_server_ends(bool isScript)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || !isScript, "Only Linux tells a process that its parent is gone");
        using var folder = new DataFolder();
        await using var crashing = await PostgresProcess.Run(folder.Path).UntilReadyAsync();
        await Database.ExecuteAsync(crashing.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS number");

        if (isScript)
        {
            await crashing.KillAsync();
        }
        else
        {
            folder.KillPostmaster();
            (await crashing.WaitForExitAsync()).ShouldNotBe(0);
        }

        await using var next = await PostgresProcess.Run(folder.Path).UntilReadyAsync();
        (await Database.ScalarAsync<int>(next.ConnectionString, "SELECT number FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Name_and_password_may_be_others_than_in_the_run_before()
    {
        const string Name = """o'wner "x" """;
        const string Password = """it's a "pass\word", 100% $HOME `id`""";
        using var folder = new DataFolder();
        await using (var first = await PostgresProcess.Run(folder.Path, "own er", Password).UntilReadyAsync())
        {
            await Database.ExecuteAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS number");
            (await first.StopAsync()).ShouldBe(0);
        }

        await using (var second = await PostgresProcess.Run(folder.Path, Name, Password + "!").UntilReadyAsync())
        {
            (await Database.ScalarAsync<int>(second.ConnectionString, "SELECT number FROM kept")).ShouldBe(42);
            (await Database.ScalarAsync<bool>(second.ConnectionString, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .ShouldBeTrue();
            (await second.StopAsync()).ShouldBe(0);
        }

        await using var third = await PostgresProcess.Run(folder.Path, Name, "another").UntilReadyAsync();
        (await Database.ScalarAsync<int>(third.ConnectionString, "SELECT number FROM kept")).ShouldBe(42);
        var wrong = new NpgsqlConnectionStringBuilder(third.ConnectionString) { Password = Password };
        (await Should.ThrowAsync<PostgresException>(() => Database.OpenAsync(wrong.ConnectionString))).SqlState
            .ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Name_that_cannot_be_a_superusers_is_said()
    {
        using var folder = new DataFolder();
        await using (var first = await PostgresProcess.Run(folder.Path).UntilReadyAsync())
        {
            (await first.StopAsync()).ShouldBe(0);
        }

        await using var server = PostgresProcess.Run(folder.Path, user: "pg_reserved", password: "secret of nobody");

        (await server.WaitForExitAsync()).ShouldBe(1);
        server.Lines.ShouldContain($"The password of pg_reserved could not be set in {folder.DataDirectory}.");
        server.ToString().ShouldNotContain("secret of nobody");
    }

    [Fact]
    public async Task Cluster_is_UTF8_on_loopback_and_not_roots_and_knows_Hebrew_whatever_the_environment_says()
    {
        using var folder = new DataFolder();
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LC_ALL"] = "C",
            ["PGDATA"] = "/nowhere",
            ["PGPORT"] = "1",
            ["PGOPTIONS"] = "-c nonsense=1",
            ["TZ"] = "Asia/Tokyo"
        };
        await using var server = await PostgresProcess.Run(folder.Path, environment: environment, settings: ["max_connections=33"])
            .UntilReadyAsync();

        (await Database.ScalarAsync<string>(server.ConnectionString,
            "SELECT current_setting('server_encoding') || ' ' || current_setting('TimeZone') || ' ' || current_setting('max_connections')"))
            .ShouldBe("UTF8 UTC 33");
        (await Database.ScalarAsync<bool>(server.ConnectionString, "SELECT 'שלום' ~ '^[[:alpha:]]+$'")).ShouldBeTrue();
        (await Database.ScalarAsync<string>(server.ConnectionString, "SHOW listen_addresses")).ShouldBe("127.0.0.1");
        (await Database.ScalarAsync<string>(server.ConnectionString, "SHOW unix_socket_directories")).ShouldBeEmpty();
        if (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux())
        {
            var status = await File.ReadAllLinesAsync($"/proc/{folder.Postmaster}/status", TestContext.Current.CancellationToken);
            status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t').ShouldNotContain("0");
            status.Single(line => line.StartsWith("Groups:", StringComparison.Ordinal)).Trim().ShouldBe("Groups:");
        }
    }

    [Fact]
    public async Task Port_in_use_ends_the_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var server = PostgresProcess.Run(folder: null, port: ((IPEndPoint)listener.LocalEndpoint).Port);

        (await server.WaitForExitAsync()).ShouldBe(1);
        server.Said("Address already in use").ShouldBeTrue(server.ToString());
    }

    [Fact]
    public async Task Initdb_that_was_killed_is_begun_anew()
    {
        using var folder = new DataFolder();
        await using (var killed = PostgresProcess.Run(folder.Path))
        {
            await Eventually.TrueAsync(
                () => Directory.GetDirectories(folder.Path, "*.new.*").Any(made => File.Exists(Path.Combine(made, "PG_VERSION"))),
                "initdb has begun");
            await killed.KillAsync();
        }

        await using var server = await PostgresProcess.Run(folder.Path).UntilReadyAsync();
        (await Database.ScalarAsync<int>(server.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_while_the_cluster_is_made_leaves_no_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a process that its parent is gone");
        using var folder = new DataFolder();
        await using var server = PostgresProcess.Run(folder.Path);
        await Eventually.TrueAsync(() => Directory.GetDirectories(folder.Path, "*.new.*").Length > 0, "initdb has begun");

        await server.StopAsync();

        await Eventually.TrueAsync(
            () => !CommandLines().Any(line => line.Contains(folder.Path, StringComparison.Ordinal)), "initdb is gone", seconds: 10);
    }

    [Fact]
    public async Task Lock_of_a_server_that_is_gone_is_no_hindrance_though_its_process_id_is_another_programs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Without /proc PostgreSQL's own check decides");
        using var folder = new DataFolder();
        await using (var first = await PostgresProcess.Run(folder.Path).UntilReadyAsync())
        {
            (await first.StopAsync()).ShouldBe(0);
        }

        using var other = Process.Start("sleep", ["60"])!;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.DataDirectory, "postmaster.pid"),
                $"{other.Id}\n{folder.DataDirectory}\n1700000000\n5432\n\n127.0.0.1\n        0         0\nready\n",
                TestContext.Current.CancellationToken);

            await using var server = await PostgresProcess.Run(folder.Path).UntilReadyAsync();
            other.HasExited.ShouldBeFalse();
        }
        finally
        {
            other.Kill();
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with [brackets], * and spaces")]
    public async Task Data_that_another_run_uses_is_left_alone(string name)
    {
        using var folder = new DataFolder();
        var target = folder.Combine(name);
        var link = folder.Combine("link");
        await using var first = await PostgresProcess.Run(target).UntilReadyAsync();
        Directory.CreateSymbolicLink(link, target);

        foreach (var path in (string[])[target, link])
        {
            await using var second = PostgresProcess.Run(
                path, environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["LOCAL_POSTGRES_WAIT"] = "0" });

            (await second.WaitForExitAsync()).ShouldBe(OperatingSystem.IsLinux() ? 75 : 1, second.ToString());
            second.Said($"{target}/postgresql-").ShouldBeTrue(second.ToString());
        }

        (await Database.ScalarAsync<int>(first.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    private static IEnumerable<string> CommandLines() =>
        Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                return "";
            }
        });
}
