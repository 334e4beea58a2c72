namespace ProSaas.Tests.Commands;

/// <summary>What the shell commands say to bad input and to a machine that lacks something: one line with cause and remedy.</summary>
public sealed class CommandTests
{
    private const string Common = "root=$PWD; source scripts/common.sh;";

    [Theory]
    [InlineData("./run.sh --nonsense", 64, "run.sh: unknown argument '--nonsense': see ./run.sh --help.")]
    [InlineData("./run.sh now please", 64, "run.sh: unknown argument 'now': see ./run.sh --help.")]
    [InlineData("./test.sh --nonsense", 64, "test.sh: unknown option '--nonsense': see ./test.sh --help.")]
    [InlineData("./bench/start.sh --nonsense", 64, "bench/start.sh: unknown argument '--nonsense': see bench/start.sh --help.")]
    [InlineData("./scripts/containers.sh now", 64, "scripts/containers.sh: unknown argument 'now': it takes none.")]
    [InlineData("dotnet() { return 1; }; export -f dotnet; command() { return 1; }; export -f command; ./run.sh", 69,
        "The .NET 10 SDK is missing: install it from")]
    public async Task Wrong_call_ends_in_one_line(string command, int exitCode, string line)
    {
        var (code, said) = await RunAsync(command);

        code.ShouldBe(exitCode, said);
        said.TrimEnd().ShouldStartWith(line);
        said.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("sh() { [ \"$2\" = find ] || echo 'PostgreSQL is missing.' >&2; return 69; }; need_postgres", 69, "PostgreSQL is missing.")]
    [InlineData("root=/proc; need_artifacts", 73, "Cannot write to /proc/artifacts: make the checkout writable for ")]
    [InlineData("dotnet() { [ \"$1\" = --list-sdks ] && echo 8.0.100 '[/x]'; return 1; }; need_sdk", 69,
        "The .NET 10 SDK is missing (dotnet finds: 8.0.100): install it from ")]
    [InlineData("dotnet() { if [ \"$1\" = --list-sdks ]; then echo 10.0.401 '[/x]'; else echo 'No home.' >&2; return 1; fi; }; need_sdk",
        69, "The .NET SDK does not start here: No home.")]
    [InlineData("id() { echo 1000; }; need_containers", 69, "The containers are tried as root on Debian, ")]
    public async Task Machine_that_lacks_something_is_told_what(string lack, int exitCode, string line)
    {
        var (code, said) = await RunAsync($"{Common} {lack}");

        code.ShouldBe(exitCode, said);
        said.TrimEnd().ShouldStartWith(line);
        said.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Missing_programs_are_installed_after_one_renewal_of_the_lists()
    {
        var (code, said) = await RunAsync(
            $"{Common} may_install() {{ :; }}; has_program() {{ return 1; }}; want_dclint() {{ :; }}; apt-get() {{ :; }}; apt_install() {{ [ \"$1\" != ffmpeg ]; }}; want_tools");

        code.ShouldBe(0, said);
        var lines = said.TrimEnd().Split('\n');
        lines[0].ShouldBe("Renewing Debian's lists of packages...");
        lines[1..].ShouldContain("Installing Debian's nginx-light gettext-base...");
        lines[1..].ShouldAllBe(line => line.StartsWith("Installing Debian's ", StringComparison.Ordinal)
            || line.StartsWith("Could not install ffmpeg: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("apt_install() { echo 'E: Unable to locate package x'; return 100; }; install_debian x",
        "Could not install x: Unable to locate package x")]
    [InlineData("apt_install() { echo 'Setting up.'; echo 'dpkg: error processing package x'; return 100; }; install_debian x",
        "Could not install x: dpkg: error processing package x")]
    [InlineData("apt-get() { echo 'E: Failed to fetch it'; return 100; }; lists_are_new=; renew_package_lists",
        "They could not be renewed: Failed to fetch it")]
    public async Task Failed_installation_says_why_in_a_line(string failure, string line)
    {
        var (_, said) = await RunAsync($"{Common} may_install() {{ :; }}; lists_are_new=yes; {failure}");

        said.TrimEnd().Split('\n').ShouldBe([said.Split('\n')[0], line]);
    }

    [Fact]
    public async Task Skipped_tests_are_named_by_their_reason()
    {
        const string Report = """
            <TestRun><Results>
            <UnitTestResult testName="ProSaas.Tests.Deploy.NginxTests.Port(s: &quot;a.b(c&quot;)" outcome="NotExecuted"><Output><StdOut>nginx &amp; envsubst
             are missing</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="ProSaas.Tests.Deploy.NginxTests.Host" outcome="NotExecuted"><Output><StdOut>nginx &amp; envsubst are missing</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="ProSaas.Tests.Speech.VoiceTests.Hears" outcome="NotExecuted"><Output><StdOut>nginx &amp; envsubst are missing</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="ProSaas.Tests.Speech.VoiceTests.Speaks" outcome="NotExecuted" />
            <UnitTestResult testName="ProSaas.Tests.Faults.LongTests.Lasts" outcome="NotRunnable" />
            <UnitTestResult testName="ProSaas.Tests.Speech.VoiceTests.Says" outcome="Passed"><Output><StdOut>outcome="NotExecuted"</StdOut></Output></UnitTestResult>
            </Results></TestRun>
            """;

        var (_, said) = await RunAsync($"source scripts/report.sh; skipped_tests /dev/stdin <<'REPORT'\n{Report}\nREPORT");

        said.TrimEnd().Split('\n').ShouldBe(
            [
                "Skipped 3 tests of Deploy.NginxTests, Speech.VoiceTests: nginx & envsubst are missing",
                "Skipped 1 test of Speech.VoiceTests: it gives no reason"
            ]);
    }

    [Theory]
    [InlineData("ok 3 - speaks # SKIP ffmpeg is missing")]
    [InlineData("﹣ speaks (0.13ms) # ffmpeg is missing")]
    public async Task Skipped_tests_of_the_WhatsApp_service_are_named_too(string line)
    {
        var (_, said) = await RunAsync(
            $"source scripts/report.sh; skipped_node_tests /dev/stdin <<'REPORT'\nok 1 - hears\n{line}\n# skipped 1\nREPORT");

        said.TrimEnd().ShouldBe("Skipped 1 test of services/baileys: ffmpeg is missing");
    }

    [Fact]
    public async Task Scripts_are_accepted_by_shellcheck()
    {
        Assert.SkipWhen((await RunAsync("command -v shellcheck")).ExitCode is not 0, "shellcheck is not installed");
        var scripts = Repository.Files.Where(file => file.EndsWith(".sh", StringComparison.Ordinal) || file is ".ci/run");

        var (code, said) = await RunAsync($"shellcheck -S warning -x {string.Join(' ', scripts)}");

        code.ShouldBe(0, said);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are shell scripts.");
        var answer = await ShellCommand.RunAsync(Repository.Root, "bash", "-c", command);
        return (answer.ExitCode, answer.Output + answer.Error);
    }
}
