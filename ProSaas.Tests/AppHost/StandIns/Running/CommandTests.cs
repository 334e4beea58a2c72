using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Running;

/// <summary>Starting, stopping and restarting while the application runs.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private readonly PuppetStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Stop_leaves_those_that_waited_for_it_running()
    {
        await StartPairAsync();

        await _stage.CommandAsync("server", KnownResourceCommands.StopCommand);

        _stage.Current("server").ShouldSatisfyAllConditions(
            server => server.State!.Text.ShouldBe("Exited"), server => server.ExitCode.ShouldBeNull(), server => server.StopTimeStamp.ShouldNotBeNull());
        await _stage.UntilAsync("server", "Exited");
        _stage.Position("server", "Stopping").ShouldBeInRange(0, _stage.Position("server", "Exited"));
        _stage.Current("client").State!.Text.ShouldBe("Running");
    }

    [Fact]
    public async Task Start_brings_back_what_was_stopped()
    {
        await StartPairAsync();
        await _stage.CommandAsync("server", KnownResourceCommands.StopCommand);

        await _stage.CommandAsync("server", KnownResourceCommands.StartCommand);

        await Eventually.TrueAsync(() => _stage.Current("server").State!.Text == "Running", "the server runs again");
        _stage.Current("server").StopTimeStamp.ShouldBeNull();
    }

    [Fact]
    public async Task Start_of_what_runs_changes_nothing()
    {
        await StartPairAsync();
        var before = _stage.Current("server");

        await _stage.CommandAsync("server", KnownResourceCommands.StartCommand);

        _stage.Current("server").ShouldBeSameAs(before);
    }

    [Fact]
    public async Task Restart_leaves_those_that_waited_for_it_as_they_are()
    {
        await StartPairAsync();
        var client = _stage.Current("client");

        await _stage.CommandAsync("server", KnownResourceCommands.RestartCommand);

        await Eventually.TrueAsync(() => _stage.Current("server").State!.Text == "Running", "the server runs again");
        await _stage.UntilAsync("server", "Exited");
        _stage.Current("client").ShouldBeSameAs(client);
    }

    [Fact]
    public async Task Restart_brings_what_lives_inside_back_too()
    {
        var server = _stage.Add("server");
        _stage.Add(new PuppetChild("database", server.Resource));
        await _stage.StartAsync();
        await _stage.UntilAsync("database", "Running");

        await _stage.CommandAsync("server", KnownResourceCommands.RestartCommand);

        await Eventually.TrueAsync(() => _stage.Current("database").State!.Text == "Running", "the database is there again");
        await _stage.UntilAsync("server", "Exited");
        _stage.Position("database", "Exited").ShouldBeInRange(0, _stage.Position("server", "Exited"));
    }

    [Fact]
    public async Task What_ended_by_itself_can_be_started_again()
    {
        var job = _stage.Add("job");
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");
        job.Resource.End(4);
        await _stage.UntilAsync("job", "Finished");
        _stage.Current("job").ExitCode.ShouldBe(4);

        await _stage.CommandAsync("job", KnownResourceCommands.StartCommand);

        await Eventually.TrueAsync(() => _stage.Current("job").State!.Text == "Running", "the job runs again");
        _stage.Current("job").ExitCode.ShouldBeNull();
    }

    [Fact]
    public async Task Command_on_a_resource_is_one_on_all_its_replicas_and_on_a_replica_on_that_alone()
    {
        _stage.Add("workers", replicas: 2);
        await _stage.StartAsync();
        await _stage.UntilAsync("workers-1", "Running");
        await _stage.UntilAsync("workers-2", "Running");

        await _stage.CommandAsync("workers-2", KnownResourceCommands.StopCommand);
        (_stage.Current("workers-1").State!.Text, _stage.Current("workers-2").State!.Text).ShouldBe(("Running", "Exited"));

        await _stage.CommandAsync("WORKERS", KnownResourceCommands.StopCommand);
        (_stage.Current("workers-1").State!.Text, _stage.Current("workers-2").State!.Text).ShouldBe(("Exited", "Exited"));
    }

    [Fact]
    public async Task Command_of_a_resource_is_run_with_its_name()
    {
        string? ran = null;
        _stage.Add("server").WithCommand("reset", "Reset", context =>
        {
            ran = context.ResourceName;
            return Task.FromResult(CommandResults.Success());
        });
        await _stage.StartAsync();

        await _stage.CommandAsync("server", "reset");

        ran.ShouldBe("server");
    }

    [Theory]
    [InlineData("server", "no-such-command", "Command 'no-such-command' not available for resource 'server'.")]
    [InlineData("nobody", "resource-stop", "Resource 'nobody' not found.")]
    public async Task What_is_not_there_is_named(string resource, string command, string message)
    {
        _stage.Add("server");
        await _stage.StartAsync();

        var result = await _stage.Application.ResourceCommands.ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);

        result.Success.ShouldBeFalse();
        result.ErrorMessage.ShouldBe(message);
    }

    [Fact]
    public async Task Application_stops_those_that_others_waited_for_last()
    {
        await StartPairAsync();

        await _stage.Application.StopAsync(TestContext.Current.CancellationToken);

        await _stage.UntilAsync("server", "Exited");
        _stage.Position("client", "Exited").ShouldBeInRange(0, _stage.Position("server", "Stopping"));
    }

    private async Task StartPairAsync()
    {
        var server = _stage.Add("server");
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();
        await _stage.UntilAsync("client", "Running");
    }
}
