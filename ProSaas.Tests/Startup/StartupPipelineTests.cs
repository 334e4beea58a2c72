using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

public sealed class StartupPipelineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Phase_runs_only_after_the_one_it_names_has_succeeded()
    {
        var gate = new TaskCompletionSource();
        var second = TestPhase.Succeeding("second", "first");
        await using var fixture = new PipelineFixture(new TestPhase("first", (_, _) => gate.Task), second);
        await fixture.StartAsync();

        await fixture.UntilAsync("first", StartupPhaseState.Running);
        await Eventually.TrueAsync(() => fixture.Phase("second").WaitingFor == "first", "the timeline says what it waits for");
        second.Attempts.ShouldBe(0);

        gate.SetResult();
        await fixture.UntilAsync("second", StartupPhaseState.Succeeded);
        fixture.Phase("second").WaitingFor.ShouldBeNull();
    }

    [Fact]
    public async Task Phases_run_side_by_side()
    {
        var never = new TaskCompletionSource();
        await using var fixture = new PipelineFixture(
            new TestPhase("slow", (_, token) => never.Task.WaitAsync(token)),
            TestPhase.Succeeding("quick"));
        await fixture.StartAsync();

        await fixture.UntilAsync("quick", StartupPhaseState.Succeeded);
        fixture.Phase("slow").State.ShouldBe(StartupPhaseState.Running);
    }

    [Fact]
    public async Task Skipped_phase_gives_its_reason_and_lets_others_go_on()
    {
        var skipped = new TestPhase("speech", (_, _) => throw new InvalidOperationException("must not run")) { Skip = "switched off" };
        await using var fixture = new PipelineFixture(skipped, TestPhase.Succeeding("after", "speech"));
        await fixture.StartAsync();

        await fixture.UntilAsync("after", StartupPhaseState.Succeeded);
        fixture.Phase("speech").State.ShouldBe(StartupPhaseState.Skipped);
        fixture.Phase("speech").Reason.ShouldBe("switched off");
        skipped.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task Failing_phase_is_tried_as_often_as_its_policy_says()
    {
        var phase = new TestPhase("warmup", (attempt, _) => attempt < 5 ? throw new IOException("not yet") : Task.CompletedTask)
        {
            Limits = new StartupPhasePolicy { Attempts = 5 },
        };
        await using var fixture = new PipelineFixture(phase);
        await fixture.StartAsync();

        await fixture.AdvanceUntilAsync(Second, "warmup", StartupPhaseState.Succeeded);
        fixture.Phase("warmup").Attempts.ShouldBe(5);
        fixture.Phase("warmup").LastErrorType.ShouldBe("System.IO.IOException");
        var span = fixture.Spans.Single(span => span.OperationName == "startup.warmup");
        span.Events.Count(found => found.Name == "retry").ShouldBe(4);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Phase_out_of_attempts_fails_and_the_one_after_it_does_not_run()
    {
        await using var fixture = new PipelineFixture(
            new TestPhase("broken", (_, _) => throw new IOException("no")),
            TestPhase.Succeeding("after", "broken"));
        await fixture.StartAsync();

        await fixture.UntilAsync("after", StartupPhaseState.Failed);
        (fixture.Phase("after").Reason, fixture.Phase("after").Attempts).ShouldBe(("broken failed", 0));
        fixture.Outcome.ExitCode.ShouldBe(0);
        fixture.Spans.Single(span => span.OperationName == "startup").Status.ShouldBe(ActivityStatusCode.Error);
        fixture.Spans.Single(span => span.OperationName == "startup.broken").Events.ShouldContain(found => found.Name == "exception");
    }

    [Fact]
    public async Task Background_retry_goes_on_until_it_succeeds()
    {
        var phase = new TestPhase("warmup", (attempt, _) => attempt < 4 ? throw new IOException("no") : Task.CompletedTask)
        {
            Limits = new StartupPhasePolicy { RetryEvery = TimeSpan.FromSeconds(30) },
        };
        await using var fixture = new PipelineFixture(phase);
        await fixture.StartAsync();

        await fixture.UntilAsync("warmup", StartupPhaseState.Retrying);
        phase.Attempts.ShouldBe(1);
        await fixture.AdvanceUntilAsync(TimeSpan.FromSeconds(10), "warmup", StartupPhaseState.Succeeded);
        phase.Attempts.ShouldBe(4);
    }

    [Fact]
    public async Task Time_limit_that_gives_up_cancels_the_phase()
    {
        var phase = new TestPhase("speech", (_, token) => Task.Delay(Timeout.Infinite, token))
        {
            Limits = new StartupPhasePolicy { Timeout = TimeSpan.FromSeconds(10), IsRequired = false },
        };
        await using var fixture = new PipelineFixture(phase, TestPhase.Succeeding("gate"));
        await fixture.StartAsync();

        await fixture.AdvanceUntilAsync(Second, "speech", StartupPhaseState.Failed);
        phase.TimedOut.ShouldBe(1);
        fixture.Phase("speech").LastErrorType.ShouldBe("System.TimeoutException");
        fixture.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        fixture.Spans.Single(span => span.OperationName == "startup").Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Phase_that_blocks_its_thread_holds_up_neither_its_limit_nor_another_phase()
    {
        using var released = new ManualResetEventSlim();
        var phase = new TestPhase("speech", (_, token) =>
        {
            released.Wait(token);
            return Task.CompletedTask;
        })
        {
            Limits = new StartupPhasePolicy { Timeout = TimeSpan.FromSeconds(10), IsRequired = false },
        };
        await using var fixture = new PipelineFixture(phase, TestPhase.Succeeding("gate"));
        await fixture.StartAsync();

        await fixture.UntilAsync("gate", StartupPhaseState.Succeeded);
        await fixture.AdvanceUntilAsync(Second, "speech", StartupPhaseState.Failed);
        phase.TimedOut.ShouldBe(1);
    }

    [Fact]
    public async Task Time_limit_that_stops_the_process_sets_the_exit_code()
    {
        var phase = new TestPhase("gate", (_, token) => Task.Delay(Timeout.Infinite, token))
        {
            Limits = new StartupPhasePolicy { Timeout = TimeSpan.FromSeconds(60), OnTimeout = StartupTimeoutAction.StopProcess },
        };
        await using var fixture = new PipelineFixture(phase);
        await fixture.StartAsync();

        await Eventually.AdvancingAsync(
            fixture.Time, Second, () => fixture.Lifetime.ApplicationStopping.IsCancellationRequested, "the process is told to stop");
        fixture.Outcome.ExitCode.ShouldBe(StartupOutcome.FailedExitCode);
        phase.TimedOut.ShouldBe(1);
    }

    [Fact]
    public async Task Late_phase_goes_on_in_a_new_trace_linked_to_the_failed_one()
    {
        var schema = new TaskCompletionSource();
        var gate = new TestPhase("gate", (_, token) => schema.Task.WaitAsync(token))
        {
            Limits = new StartupPhasePolicy { Timeout = TimeSpan.FromSeconds(60), OnTimeout = StartupTimeoutAction.KeepRunning },
        };
        await using var fixture = new PipelineFixture(gate, TestPhase.Succeeding("warmup", "gate"));
        await fixture.StartAsync();

        await fixture.AdvanceUntilAsync(Second, "gate", StartupPhaseState.Overdue);
        await Eventually.TrueAsync(
            () => fixture.Spans.Any(span => span.OperationName == "startup"), "the root is exported at the time limit");
        var late = fixture.Spans.Single(span => span.OperationName == "startup");
        late.Status.ShouldBe(ActivityStatusCode.Error);

        schema.SetResult();
        await fixture.UntilAsync("warmup", StartupPhaseState.Succeeded);
        await Eventually.TrueAsync(() => fixture.Spans.Count(span => span.OperationName == "startup") is 2, "the second root ends");
        var second = fixture.Spans.Last(span => span.OperationName == "startup");
        second.Links.Single().Context.TraceId.ShouldBe(late.TraceId);
        second.Status.ShouldBe(ActivityStatusCode.Unset);
        fixture.Spans.Single(span => span.OperationName == "startup.warmup").TraceId.ShouldBe(second.TraceId);
        fixture.Outcome.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Root_span_begins_with_the_process_and_holds_the_phases()
    {
        await using var fixture = new PipelineFixture(TestPhase.Succeeding("gate"), TestPhase.Succeeding("warmup", "gate"));
        await fixture.StartAsync();

        await Eventually.TrueAsync(() => fixture.Spans.Any(span => span.OperationName == "startup"), "the root ends");
        var root = fixture.Spans.Single(span => span.OperationName == "startup");
        using var process = Process.GetCurrentProcess();
        (root.StartTimeUtc - process.StartTime.ToUniversalTime()).Duration().ShouldBeLessThan(Second);
        fixture.Spans.Where(span => span != root).ShouldAllBe(span => span.ParentSpanId == root.SpanId);
    }

    [Fact]
    public async Task Stopping_cancels_running_phases()
    {
        var cancelled = new TaskCompletionSource();
        await using var fixture = new PipelineFixture(new TestPhase("gate", async (_, token) =>
        {
            await using var registration = token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        }));
        await fixture.StartAsync();
        await fixture.UntilAsync("gate", StartupPhaseState.Running);

        await fixture.StopAsync();
        cancelled.Task.IsCompletedSuccessfully.ShouldBeTrue();
        fixture.Spans.Single(span => span.OperationName == "startup").Status.ShouldBe(ActivityStatusCode.Error);
    }
}
