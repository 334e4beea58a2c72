using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProSaas.Tests.AppHost.StandIns.Running;

/// <summary>What a resource that waits does with everything that can happen to what it waits for.</summary>
public sealed class WaitTests : IAsyncDisposable
{
    private readonly PuppetStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Resource_that_waits_for_nothing_runs_and_is_healthy_at_once()
    {
        _stage.Add("alone");
        await _stage.StartAsync();

        await _stage.UntilAsync("alone", "Running");
        _stage.Current("alone").HealthStatus.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Dependency_without_a_health_check_is_ready_when_it_runs()
    {
        var server = _stage.Add("server");
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();

        await _stage.UntilAsync("client", "Running");
        _stage.Position("client", "Waiting").ShouldBeInRange(0, _stage.Position("client", "Starting"));
        _stage.Position("server", "Running").ShouldBeLessThan(_stage.Position("client", "Starting"));
    }

    [Fact]
    public async Task Dependency_with_a_health_check_is_ready_when_that_says_so()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();

        await _stage.UntilUnhealthyAsync("server");
        _stage.Current("client").State!.Text.ShouldBe("Waiting");
        server.Resource.Health = HealthCheckResult.Healthy();

        await _stage.UntilAsync("client", "Running");
        _stage.HealthyPosition("server").ShouldBeInRange(0, _stage.Position("client", "Starting"));
    }

    [Fact]
    public async Task Dependency_that_cannot_be_started_fails_the_one_that_waits()
    {
        var server = _stage.Add("server");
        server.Resource.Refusal = "the disk is full";
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe("server failed to start: the disk is full");
        _stage.Position("client", "Starting").ShouldBe(-1);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task Dependency_that_ends_before_it_is_healthy_fails_the_one_that_waits(int exitCode)
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();
        await _stage.UntilAsync("server", "Running");

        server.Resource.End(exitCode);

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe($"server exited with code {exitCode}");
    }

    [Fact]
    public async Task Dependency_that_is_stopped_before_it_is_healthy_fails_the_one_that_waits()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();
        await _stage.UntilAsync("server", "Running");

        await _stage.CommandAsync("server", KnownResourceCommands.StopCommand);

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe("server was stopped");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Completion_with_the_expected_exit_code_lets_the_other_start(int exitCode)
    {
        var job = _stage.Add("job");
        _stage.Add("client").WaitForCompletion(job, exitCode);
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");
        _stage.Current("client").State!.Text.ShouldBe("Waiting");

        job.Resource.End(exitCode);

        await _stage.UntilAsync("client", "Running");
        _stage.Position("job", "Finished").ShouldBeInRange(0, _stage.Position("client", "Starting"));
        _stage.Current("job").ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public async Task Completion_with_another_exit_code_fails_the_one_that_waits(int expected, int actual)
    {
        var job = _stage.Add("job");
        _stage.Add("client").WaitForCompletion(job, expected);
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");

        job.Resource.End(actual);

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe($"job exited with code {actual}, expected {expected}");
    }

    [Fact]
    public async Task Completion_without_an_exit_code_lets_the_other_start()
    {
        var job = _stage.Add("job");
        _stage.Add("client").WaitForCompletion(job);
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");

        await _stage.CommandAsync("job", KnownResourceCommands.StopCommand);

        await _stage.UntilAsync("client", "Running");
        _stage.Current("job").ShouldSatisfyAllConditions(job => job.State!.Text.ShouldBe("Exited"), job => job.ExitCode.ShouldBeNull());
    }

    [Fact]
    public async Task Completion_of_what_cannot_be_started_fails_the_one_that_waits()
    {
        var job = _stage.Add("job");
        job.Resource.Refusal = "it is not built";
        _stage.Add("client").WaitForCompletion(job);
        await _stage.StartAsync();

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe("job failed to start: it is not built");
    }

    [Fact]
    public async Task Failure_is_told_down_the_chain_with_its_first_reason()
    {
        var database = _stage.Add("database");
        database.Resource.Refusal = "the disk is full";
        var job = _stage.Add("job").WaitFor(database);
        var server = _stage.Add("server").WaitForCompletion(job);
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("client").Reason.ShouldBe("server failed to start: job failed to start: database failed to start: the disk is full");
    }

    [Fact]
    public async Task Several_waits_must_all_end()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        var job = _stage.Add("job");
        _stage.Add("client").WaitFor(server).WaitForCompletion(job);
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");

        job.Resource.End(0);
        await _stage.UntilAsync("job", "Finished");
        await _stage.UntilUnhealthyAsync("server");
        _stage.Current("client").State!.Text.ShouldBe("Waiting");
        server.Resource.Health = HealthCheckResult.Healthy();

        await _stage.UntilAsync("client", "Running");
        _stage.HealthyPosition("server").ShouldBeInRange(0, _stage.Position("client", "Starting"));
    }

    [Fact]
    public async Task First_of_several_waits_that_fails_is_enough()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        var job = _stage.Add("job");
        _stage.Add("client").WaitFor(server).WaitForCompletion(job);
        await _stage.StartAsync();
        await _stage.UntilAsync("job", "Running");

        job.Resource.End(1);

        await _stage.UntilAsync("client", "FailedToStart");
        _stage.Current("server").HealthStatus.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Every_replica_of_a_dependency_must_run()
    {
        var workers = _stage.Add("workers", replicas: 3);
        _stage.Add("client").WaitFor(workers);
        await _stage.StartAsync();

        await _stage.UntilAsync("client", "Running");
        foreach (var replica in (IEnumerable<string>)["workers-1", "workers-2", "workers-3"])
        {
            _stage.HealthyPosition(replica).ShouldBeInRange(0, _stage.Position("client", "Starting"));
        }
    }

    [Fact]
    public async Task Every_replica_of_a_dependency_must_complete()
    {
        var jobs = _stage.Add("jobs", replicas: 2);
        _stage.Add("client").WaitForCompletion(jobs);
        await _stage.StartAsync();
        await _stage.UntilAsync("jobs-1", "Running");
        await _stage.UntilAsync("jobs-2", "Running");

        jobs.Resource.End(0, replica: 1);
        await _stage.UntilAsync("jobs-1", "Finished");
        _stage.Current("client").State!.Text.ShouldBe("Waiting");
        jobs.Resource.End(0, replica: 2);

        await _stage.UntilAsync("client", "Running");
        _stage.Position("jobs-2", "Finished").ShouldBeInRange(0, _stage.Position("client", "Starting"));
    }

    [Fact]
    public async Task One_replica_that_fails_fails_the_one_that_waits()
    {
        var jobs = _stage.Add("jobs", replicas: 2);
        _stage.Add("client").WaitForCompletion(jobs);
        await _stage.StartAsync();
        await _stage.UntilAsync("jobs-2", "Running");

        jobs.Resource.End(9, replica: 2);

        await _stage.UntilAsync("client", "FailedToStart");
    }

    [Fact]
    public async Task Wait_for_what_lives_in_another_is_one_for_both()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        var database = _stage.Add(new PuppetChild("database", server.Resource));
        var client = _stage.Add("client").WaitFor(database);
        client.Resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource).ShouldBe([server.Resource, database.Resource]);
        await _stage.StartAsync();

        await _stage.UntilUnhealthyAsync("server");
        _stage.Current("database").State!.Text.ShouldBe("Waiting");
        server.Resource.Health = HealthCheckResult.Healthy();

        await _stage.UntilAsync("client", "Running");
        _stage.HealthyPosition("server").ShouldBeInRange(0, _stage.Position("database", "Starting"));
        _stage.HealthyPosition("database").ShouldBeInRange(0, _stage.Position("client", "Starting"));
    }

    [Fact]
    public async Task Dependency_that_turns_unhealthy_later_leaves_the_other_running()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        server.Resource.Health = HealthCheckResult.Healthy();
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();
        await _stage.UntilAsync("client", "Running");

        server.Resource.End(1);

        await _stage.UntilAsync("server", "Finished");
        _stage.Current("server").HealthStatus.ShouldBeNull();
        _stage.Current("client").State!.Text.ShouldBe("Running");
    }

    [Fact]
    public async Task Waiting_resource_that_is_stopped_never_runs()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();

        await _stage.CommandAsync("client", KnownResourceCommands.StopCommand);

        _stage.Current("client").State!.Text.ShouldBe("Exited");
        _stage.Position("client", "Running").ShouldBe(-1);
    }

    [Fact]
    public async Task Resource_that_failed_for_a_dependency_can_be_started_once_that_is_well()
    {
        var server = _stage.Add("server");
        server.Resource.Refusal = "the disk is full";
        _stage.Add("client").WaitFor(server);
        await _stage.StartAsync();
        await _stage.UntilAsync("client", "FailedToStart");

        server.Resource.Refusal = null;
        await _stage.CommandAsync("server", KnownResourceCommands.StartCommand);
        await _stage.CommandAsync("client", KnownResourceCommands.StartCommand);

        await _stage.UntilAsync("client", "Running");
        _stage.Current("client").Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Test_that_waits_for_the_health_of_what_fails_is_told_so()
    {
        var server = _stage.Add("server", hasHealthCheck: true);
        server.Resource.Refusal = "the disk is full";
        await _stage.StartAsync();

        var failure = await Should.ThrowAsync<DistributedApplicationException>(
            _stage.Application.ResourceNotifications.WaitForResourceHealthyAsync("server", TestContext.Current.CancellationToken));
        failure.Message.ShouldBe("Stopped waiting for resource 'server' to become healthy because it failed to start. the disk is full");
    }

    [Fact]
    public void Resource_cannot_wait_for_itself()
    {
        var server = _stage.Add("server");
        Should.Throw<DistributedApplicationException>(() => server.WaitFor(server)).Message.ShouldBe("The 'server' resource cannot wait for itself.");
    }

    [Fact]
    public void Resource_cannot_wait_for_what_it_lives_in()
    {
        var server = _stage.Add("server");
        var database = _stage.Add(new PuppetChild("database", server.Resource));
        Should.Throw<DistributedApplicationException>(() => database.WaitFor(server)).Message.ShouldBe("The 'database' resource cannot wait for its parent 'server'.");
    }
}
