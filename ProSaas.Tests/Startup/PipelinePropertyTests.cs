using CsCheck;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

/// <summary>What holds of every start, over generated phases, failures, durations and time limits, on fake time.</summary>
public sealed class PipelinePropertyTests
{
    private static readonly Gen<PhasePlan> Plan = Gen.Select(
        Gen.Int[-2, 4],
        Gen.Int[1, 4],
        Gen.Int[0, 5],
        Gen.Int[0, 12],
        Gen.Int[0, 20],
        Gen.Bool,
        (after, attempts, failures, seconds, limit, keep) => new PhasePlan(
            after, attempts, failures, seconds, limit < 3 ? null : limit, keep
                ? StartupTimeoutAction.KeepRunning
                : StartupTimeoutAction.GiveUp));

    [Fact]
    public Task Every_start_keeps_order_attempts_and_limits() =>
        Plan.Array[1, 6].SampleAsync(RunToTheEndAsync, iter: 60, threads: 2);

    [Fact]
    public Task Stopping_at_any_moment_ends_everything_and_leaves_nothing_running() =>
        Gen.Select(Plan.Array[1, 6], Gen.Int[0, 40]).SampleAsync(
            async (plans, seconds) =>
            {
                var start = new RecordedStart(plans);
                await using var fixture = start.NewFixture();
                await fixture.StartAsync();
                await AdvanceAsync(fixture, seconds, until: () => false);

                await fixture.StopAsync();

                start.Running.ShouldBe(0);
                var begun = start.Events.Count;
                await AdvanceAsync(fixture, seconds: 60, until: () => false);
                start.Events.Count.ShouldBe(begun);
            },
            iter: 40,
            threads: 2);

    private static async Task RunToTheEndAsync(PhasePlan[] plans)
    {
        var start = new RecordedStart(plans);
        await using var fixture = start.NewFixture();
        await fixture.StartAsync();
        await AdvanceAsync(fixture, seconds: 5000, until: () => fixture.Timeline.Phases.All(phase => phase.EndedAt is not null));

        var events = start.Events.ToList();
        foreach (var phase in fixture.Timeline.Phases)
        {
            var plan = start.PlanOf(phase.Name);
            var before = phase.Needs.Select(fixture.Phase).SingleOrDefault();
            var begun = events.FindIndex(found => found == (phase.Name, "begin"));
            var attempts = events.Count(found => found == (phase.Name, "begin"));

            attempts.ShouldBeLessThanOrEqualTo(plan.Attempts);
            phase.Attempts.ShouldBe(attempts);
            if (before is { State: not StartupPhaseState.Succeeded })
            {
                (attempts, phase.State).ShouldBe((0, StartupPhaseState.Failed));
                continue;
            }

            (before is null || (events.IndexOf(new(before.Name, "succeed")) < begun && before.EndedAt <= phase.StartedAt))
                .ShouldBeTrue(phase.ToString());

            // An attempt that fails in the very second of the limit may be its last, by either rule.
            var failedAtLimit = plan.Limit is { } limit
                && phase.EndedAt - phase.StartedAt == TimeSpan.FromSeconds(limit) && phase.LastErrorType is "System.IO.IOException";
            (failedAtLimit || phase.State is StartupPhaseState.Succeeded).ShouldBe(
                failedAtLimit || (phase.LastErrorType != "System.TimeoutException" && plan.Failures < plan.Attempts), phase.ToString());
            if (plan.Limit is null)
            {
                phase.LastErrorType.ShouldBe(plan.Failures is 0 ? null : "System.IO.IOException");
                attempts.ShouldBe(Math.Min(plan.Failures + 1, plan.Attempts));
            }

            if (plan.OnTimeout is StartupTimeoutAction.KeepRunning)
            {
                phase.LastErrorType.ShouldNotBe("System.TimeoutException");
            }
        }

        start.Overlaps.ShouldBe(0);
        start.Running.ShouldBe(0);
        fixture.Outcome.ExitCode.ShouldBe(0);
    }

    private static async Task AdvanceAsync(PipelineFixture fixture, int seconds, Func<bool> until)
    {
        for (var second = 0; second < seconds && !until(); second++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <param name="After">The index of the phase it comes after, where that is added before it.</param>
    /// <param name="Attempts">Attempts the policy allows.</param>
    /// <param name="Failures">Attempts that fail before one succeeds.</param>
    /// <param name="Seconds">How long each attempt takes.</param>
    /// <param name="Limit">The time limit in seconds.</param>
    /// <param name="OnTimeout">What happens at the limit.</param>
    private sealed record PhasePlan(int After, int Attempts, int Failures, int Seconds, int? Limit, StartupTimeoutAction OnTimeout);

    private sealed class RecordedStart(PhasePlan[] plans)
    {
        private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);
        private int _overlaps;

        public ConcurrentQueue<(string Phase, string What)> Events { get; } = new();

        public int Running => _running.Values.Sum();

        public int Overlaps => _overlaps;

        public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

        public PhasePlan PlanOf(string name) => plans[int.Parse(name, CultureInfo.InvariantCulture)];

        public PipelineFixture NewFixture() => new(Time, [.. plans.Select(NewPhase)]);

        private TestPhase NewPhase(PhasePlan plan, int index)
        {
            var name = index.ToString(CultureInfo.InvariantCulture);
            var after = plan.After >= 0 && plan.After < index ? plan.After.ToString(CultureInfo.InvariantCulture) : null;
            return new TestPhase(name, (attempt, token) => AttemptAsync(name, plan, attempt, token), after)
            {
                Limits = new StartupPhasePolicy
                {
                    Attempts = plan.Attempts,
                    Timeout = plan.Limit is { } limit ? TimeSpan.FromSeconds(limit) : null,
                    OnTimeout = plan.OnTimeout
                },
            };
        }

        private async Task AttemptAsync(string name, PhasePlan plan, int attempt, CancellationToken cancellationToken)
        {
            Events.Enqueue((name, "begin"));
            if (_running.AddOrUpdate(name, 1, (_, running) => running + 1) > 1)
            {
                Interlocked.Increment(ref _overlaps);
            }

            try
            {
                await Task.Delay(TimeSpan.FromSeconds(plan.Seconds), Time, cancellationToken);
                if (attempt <= plan.Failures)
                {
                    throw new IOException("planned");
                }

                Events.Enqueue((name, "succeed"));
            }
            finally
            {
                _running.AddOrUpdate(name, 0, (_, running) => running - 1);
            }
        }
    }
}
