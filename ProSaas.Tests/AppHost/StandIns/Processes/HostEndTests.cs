using Aspire.Hosting.PostgreSQL.Cluster;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Processes;

/// <summary>However a host ends, nothing of it is left and its data is whole.</summary>
public sealed class HostEndTests : IDisposable
{
    /// <summary>A program that ignores TERM, with one below it that ignores it too.</summary>
    private const string Stubborn = """
        builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM INT HUP; sh -c 'sleep 600; true' & echo ready; sleep 600; true");
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("prosaas-apphost-").FullName;
    private readonly string _volume = $"test-{Guid.NewGuid():N}";
    private readonly int _port = FreePorts.Next();
    private readonly int _nextPort = FreePorts.Next();

    private string Server => $$"""
        var password = builder.AddParameter("password", "of-the-test", secret: true);
        builder.AddPostgres("server", password: password, port: int.Parse(builder.Configuration["PORT"]!)).WithDataVolume("{{_volume}}").AddDatabase("db");
        """;

    public HostEndTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are followed through /proc, which only Linux has.");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        if (Directory.Exists(VolumeFolder))
        {
            Directory.Delete(VolumeFolder, recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Host_that_is_killed_leaves_nothing_after_5_seconds_and_its_data_whole(bool withItsGroup)
    {
        await using var host = AppHostProcess.Start(_folder, Stubborn + Server, "--PORT", $"{_port}");
        await host.UntilLineAsync("[stubborn] ready");
        await host.UntilLineAsync("db: Healthy");
        await Database.ExecuteAsync(ConnectionString(_port), "CREATE TABLE kept AS SELECT 42 AS value");
        var processes = ProcessTree.Under(host.Id);
        processes.Count(process => process.Command.StartsWith("sleep", StringComparison.Ordinal)).ShouldBe(2);
        processes.ShouldContain(process => process.Command.Contains("checkpointer", StringComparison.Ordinal));

        Kill(host, withItsGroup);

        // The next one need not wait until the first is gone, as long as it has ports of its own.
        await using var next = AppHostProcess.Start(_folder, Stubborn + Server, "--PORT", $"{_nextPort}");
        await AllEndAsync(processes);
        await next.UntilLineAsync("db: Healthy");
        (await Database.ScalarAsync<int>(ConnectionString(_nextPort), "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Second_host_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using var host = AppHostProcess.Start(_folder, Server, "--PORT", $"{_port}");
        await host.UntilLineAsync("db: Healthy");

        await using var second = AppHostProcess.Start(_folder, Server, "--PORT", $"{_nextPort}", "--StopOnFailure", "true");

        (await second.WaitForExitAsync()).ShouldBe(1);
        second.Position("stop it, or the other run of this AppHost, first").ShouldBeGreaterThanOrEqualTo(0);
        await Database.ExecuteAsync(ConnectionString(_port), "SELECT 1");
    }

    [Fact]
    public async Task Host_that_is_killed_while_it_makes_the_cluster_leaves_nothing_in_the_way_of_the_next()
    {
        await using (var host = AppHostProcess.Start(_folder, Server, "--PORT", $"{_port}"))
        {
            IReadOnlyList<ProcessEntry> processes = [];
            await Eventually.TrueAsync(
                () => (processes = ProcessTree.Under(host.Id)).Any(process => process.Command.Contains("initdb", StringComparison.Ordinal)), "the cluster is being made");
            host.Kill();
            await AllEndAsync(processes);
        }

        await using var next = AppHostProcess.Start(_folder, Server, "--PORT", $"{_port}");
        await next.UntilLineAsync("db: Healthy");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_that_is_interrupted_or_terminated_stops_everything_in_reverse_order(bool interrupted)
    {
        await using var host = AppHostProcess.Start(_folder, $$"""
            {{Server}}
            var server = builder.CreateResourceBuilder((PostgresServerResource)builder.Resources[1]);
            var first = builder.AddExecutable("first", "sh", ".", "-c", "trap 'echo first ends; exit 3' TERM; echo ready; while :; do sleep 0.05; done").WaitFor(server);
            builder.AddExecutable("second", "sh", ".", "-c", "trap 'sleep 0.3; echo second ends; exit 0' TERM; echo ready; while :; do sleep 0.05; done").WaitFor(first);
            """, "--PORT", $"{_port}");
        await host.UntilLineAsync("[second] ready");
        var processes = ProcessTree.Under(host.Id);

        if (interrupted)
        {
            host.Interrupt();
        }
        else
        {
            host.Terminate();
        }

        (await host.WaitForExitAsync()).ShouldBe(0);
        string[] order = ["second: Stopping", "[second] second ends", "second: Exited", "first: Stopping", "[first] first ends", "first: Exited", "server: Stopping", "server: Exited"];
        order.Select(host.Position).ShouldBe(order.Select(host.Position).Order(), $"Lines:\n{string.Join('\n', host.Lines)}");
        order.Select(host.Position).ShouldNotContain(-1);
        processes.Where(process => process.IsAlive).ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_that_is_interrupted_while_it_starts_stops_too()
    {
        await using var host = AppHostProcess.Start(_folder, Server + """
            builder.AddExecutable("late", "sleep", ".", "600").WaitFor(builder.CreateResourceBuilder(builder.Resources[2]));
            """, "--PORT", $"{_port}");
        await host.UntilLineAsync("late: Waiting");
        var processes = ProcessTree.Under(host.Id);

        host.Interrupt();

        (await host.WaitForExitAsync()).ShouldBe(0);
        processes.Where(process => process.IsAlive).ShouldBeEmpty();
        host.Position("late: Running").ShouldBe(-1);
    }

    private static string ConnectionString(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Password=of-the-test;Database=db;Pooling=false";

    private string VolumeFolder => StorageFolders.Volume(_volume);

    private static void Kill(AppHostProcess host, bool withItsGroup)
    {
        if (withItsGroup)
        {
            host.KillGroup();
        }
        else
        {
            host.Kill();
        }
    }

    private static async Task AllEndAsync(IReadOnlyList<ProcessEntry> processes)
    {
        IEnumerable<ProcessEntry> left = [];
        try
        {
            await Eventually.TrueAsync(() => !(left = processes.Where(process => process.IsAlive)).Any(), "nothing is left", seconds: 5);
        }
        catch (TimeoutException)
        {
            left.ShouldBeEmpty();
        }
    }
}
