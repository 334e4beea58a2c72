using System.Diagnostics;
using ProSaas.Tests.Architecture;

namespace ProSaas.Tests.AppHost.StandIns.Control;

/// <summary><c>run.sh</c> asks the application that runs from its checkout.</summary>
public sealed class RunScriptTests : IAsyncLifetime
{
    private readonly ControlledStage _stage = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "run.sh needs bash.");
        await _stage.StartAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Status_prints_the_table()
    {
        var run = await RunAsync("--status");
        (run.ExitCode, run.Error).ShouldBe((0, ""));
        run.Output.ShouldStartWith("RESOURCE ");
        run.Output.ShouldContain("\ndatabase  Running ");
    }

    [Fact]
    public async Task Status_says_that_nothing_runs()
    {
        await _stage.StopAsync();
        (await RunAsync("--status")).ShouldBe((69, "", "ProSaas does not run from this checkout: start it with ./run.sh. (With PackageFeed=full Aspire's own dashboard has its resources.)\n"));
    }

    [Fact]
    public async Task Access_file_of_a_process_that_is_gone_leads_nowhere()
    {
        var gone = Process.Start("true");
        await gone.WaitForExitAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _stage.AccessPath,
            $"process={gone.Id}\ndirectory={_stage.Access("directory")}\naddress={_stage.Access("address")}\ntoken={_stage.Access("token")}\n",
            TestContext.Current.CancellationToken);
        (await RunAsync("--status")).ExitCode.ShouldBe(69);
    }

    [Fact]
    public async Task Command_that_loses_data_needs_yes_where_nobody_can_be_asked()
    {
        (await RunAsync("--command", "database", "reset")).ShouldBe((65, "", "Everything is lost. Reset it? Not confirmed: add --yes.\n"));
        _stage.Resets.ShouldBe(0);

        (await RunAsync("--command", "database", "reset", "--yes")).ShouldBe((0, "", "database: reset is done.\n"));
        _stage.Resets.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, "database: break failed: the disk is full\n", "--command", "database", "break")]
    [InlineData(1, "database is Running: later cannot be run now.\n", "--command", "database", "later")]
    [InlineData(64, "There is no resource 'nobody', but server, database.\n", "--command", "nobody", "reset")]
    [InlineData(64, "run.sh --command: 'a/b' or 'c' is not a name: see ./run.sh --status.\n", "--command", "a/b", "c")]
    [InlineData(64, "run.sh --command takes a resource, a command and perhaps --yes: see ./run.sh --status.\n", "--command", "database")]
    [InlineData(64, "run.sh --command takes a resource, a command and perhaps --yes: see ./run.sh --status.\n", "--command", "database", "reset", "--no")]
    [InlineData(64, "run.sh --status: unknown argument 'more': it takes none.\n", "--status", "more")]
    [InlineData(64, "run.sh: unknown argument '--stat': see ./run.sh --help.\n", "--stat")]
    public async Task What_cannot_be_done_is_one_line(int exitCode, string line, params string[] args) =>
        (await RunAsync(args)).ShouldBe((exitCode, "", line));

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "run.sh"), args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["XDG_STATE_HOME"] = _stage.StateHome },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
