using System.Net;
using System.Net.Sockets;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Processes;

/// <summary>An AppHost that cannot be run as described says so on one line and leaves nothing running.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int ConfigurationError = 78;
    private readonly string _folder = Directory.CreateTempSubdirectory("prosaas-apphost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Cycle_of_waits_is_named() => await RefusesAsync(
        """
        var a = builder.AddExecutable("a", "sleep", ".", "600");
        var b = builder.AddExecutable("b", "sleep", ".", "600").WaitFor(a);
        a.WaitForCompletion(b);
        """,
        "These resources wait for each other and would never start: a -> b -> a. Remove one WaitFor.");

    [Fact]
    public async Task Name_that_is_there_twice_is_named() => await RefusesAsync(
        """
        builder.AddExecutable("worker", "sleep", ".", "600");
        builder.AddParameter("Worker", "text");
        """,
        "Cannot add resource of type 'Aspire.Hosting.ApplicationModel.ParameterResource' with name 'Worker' because resource of type 'Aspire.Hosting.ApplicationModel.ExecutableResource' with that name already exists. Resource names are case-insensitive.");

    [Fact]
    public async Task Project_without_its_file_is_named() => await RefusesAsync(
        """builder.AddProject<Projects.Missing>("api");""",
        $"Project file '{_folder}/Missing/Missing.csproj' was not found.");

    [Fact]
    public async Task Secret_without_a_value_is_named_with_what_sets_it() => await RefusesAsync(
        """
        var key = builder.AddParameter("api-key", secret: true);
        builder.AddExecutable("worker", "sleep", ".", "600").WithEnvironment("KEY", key);
        """,
        "Parameter resource could not be used because configuration key 'Parameters:api-key' is missing and the Parameter has no default value. Set the environment variable Parameters__api_key, or the key in the AppHost's user secrets.",
        ConfigurationError);

    [Fact]
    public async Task Containers_are_named_with_what_runs_them() => await RefusesAsync(
        """
        builder.AddContainer("cache", "redis", "7");
        builder.AddDockerfile("front", "front");
        builder.AddExecutable("worker", "sleep", ".", "600");
        """,
        "This engine runs no containers (AddContainer, AddDockerfile): cache, front. Aspire does: build with -p:PackageFeed=full, where a container engine is installed.");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Port_that_is_taken_is_named_with_its_variable(string address)
    {
        using var taken = new TcpListener(IPAddress.Parse(address), 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RefusesAsync(
            $$"""builder.AddExecutable("web", "sleep", ".", "600").WithHttpEndpoint(port: {{port}}, env: "PORT");""",
            $"Port {port}, which web needs, is in use: free it, or set WEB_PORT to another.",
            args: ["--WEB_PORT", $"{port}"]);
    }

    [Fact]
    public async Task Port_that_two_resources_want_is_named_with_both() => await RefusesAsync(
        """
        builder.AddExecutable("web", "sleep", ".", "600").WithHttpEndpoint(port: 5999, env: "PORT");
        builder.AddExecutable("api", "sleep", ".", "600").WithHttpEndpoint(port: 5999, env: "PORT");
        """,
        "Port 5999 is given to web and to api: give one of them another.");

    [Fact]
    public async Task Program_that_is_not_there_fails_its_resource_and_those_that_wait_for_it()
    {
        await using var host = AppHostProcess.Start(_folder, """
            var tool = builder.AddExecutable("tool", "no-such-program", ".");
            var job = builder.AddExecutable("job", "true", ".").WaitForCompletion(tool);
            builder.AddExecutable("client", "true", ".").WaitFor(job);
            builder.AddExecutable("other", "sleep", ".", "600");
            """);

        await host.UntilLineAsync("tool: FailedToStart: the program 'no-such-program' was not found");
        await host.UntilLineAsync("client: FailedToStart: job failed to start: tool failed to start: the program 'no-such-program' was not found");
        await host.UntilLineAsync("other: Running");
    }

    [Fact]
    public async Task Folder_that_is_not_there_fails_its_resource()
    {
        await using var host = AppHostProcess.Start(_folder, """builder.AddExecutable("tool", "sleep", "nowhere", "600");""");

        await host.UntilLineAsync($"tool: FailedToStart: the folder '{_folder}/nowhere' it starts in is not there");
    }

    [Theory]
    [InlineData("""builder.AddExecutable("tool", "no-such-program", ".");""", "tool failed to start: the program 'no-such-program' was not found. ")]
    [InlineData("""builder.AddExecutable("client", "true", ".").WaitForCompletion(builder.AddExecutable("tool", "sh", ".", "-c", "exit 9"));""", "tool ended with exit code 9 before the application was up. ")]
    public async Task Host_that_is_told_to_stop_on_failure_ends_with_an_error_and_leaves_nothing(string resource, string line)
    {
        await using var host = AppHostProcess.Start(_folder, $"""builder.AddExecutable("other", "sleep", ".", "600"); {resource}""", "--StopOnFailure", "true");
        IReadOnlyList<ProcessEntry> processes = [];
        await Eventually.TrueAsync(
            () =>
            {
                processes = OperatingSystem.IsLinux() ? [.. processes, .. ProcessTree.Under(host.Id)] : [];
                return host.Position(line) >= 0;
            },
            line);

        (await host.WaitForExitAsync()).ShouldBe(1);
        processes.Where(process => process.IsAlive).ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_that_is_told_to_stop_on_failure_goes_on_without_the_resource_that_is_excepted()
    {
        await using var host = AppHostProcess.Start(
            _folder,
            """builder.AddExecutable("tool", "no-such-program", "."); builder.AddExecutable("client", "true", ".").WaitForCompletion(builder.AddExecutable("other", "sh", ".", "-c", "sleep 1; exit 9"));""",
            "--StopOnFailure", "true", "--StopOnFailure:Except", "tool");

        (await host.WaitForExitAsync()).ShouldBe(1);
        host.Position("tool: FailedToStart: the program 'no-such-program' was not found").ShouldBeInRange(0, host.Position("other ended with exit code 9 before the application was up. ") - 1);
    }

    private async Task RefusesAsync(string resources, string line, int exitCode = 1, params string[] args)
    {
        await using var host = AppHostProcess.Start(_folder, resources, args);
        var ended = await host.WaitForExitAsync();

        host.Lines.ShouldBe([line]);
        ended.ShouldBe(exitCode);
    }
}
