using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

/// <summary>What a whole start exports, by the exporter of OpenTelemetry that keeps it in memory.</summary>
public sealed class StartupTelemetryTests
{
    [Fact]
    public async Task Start_that_times_out_and_heals_is_two_linked_traces_with_its_metrics()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var schema = new TaskCompletionSource();
        List<Activity> exported = [];
        ConcurrentBag<ActivityTraceId> traces = [];
        var gate = new TestPhase("schema_gate", (_, token) =>
        {
            traces.Add(Activity.Current!.TraceId);
            return schema.Task.WaitAsync(token);
        })
        {
            Limits =
                new StartupPhasePolicy { Timeout = new SchemaGateOptions().MigrationTimeout, OnTimeout = StartupTimeoutAction.KeepRunning },
        };
        var warmup = new TestPhase("agent_warmup", (attempt, _) =>
        {
            traces.Add(Activity.Current!.TraceId);
            return attempt < 3 ? throw new IOException("not yet") : Task.CompletedTask;
        }, "schema_gate")
        {
            Limits = new StartupPhasePolicy { Attempts = 5 },
        };
        using var host = NewHost(time, exported, gate, warmup);
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        using var durations = new MetricCollector<double>(meters, StartupTelemetry.Name, "prosaas.startup.phase.duration");
        using var retries = new MetricCollector<long>(meters, StartupTelemetry.Name, "prosaas.startup.retries");
        using var failures = new MetricCollector<long>(meters, StartupTelemetry.Name, "prosaas.startup.failures");
        var timeline = host.Services.GetRequiredService<StartupTimeline>();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => gate.Attempts is 1, "the gate waits");

        time.Advance(TimeSpan.FromSeconds(59));
        timeline.Phases[0].State.ShouldBe(StartupPhaseState.Running);
        await Eventually.AdvancingAsync(
            time, TimeSpan.FromSeconds(1), () => timeline.Phases[0].State is StartupPhaseState.Overdue, "60 s are over");
        schema.SetResult();
        await Eventually.AdvancingAsync(
            time, TimeSpan.FromSeconds(1), () => timeline.Phases[1].State is StartupPhaseState.Succeeded, "the warmup is done");
        await host.StopAsync(TestContext.Current.CancellationToken);

        // Other tests start pipelines side by side, and the exporter hears them all.
        var spans = exported.ToList().Where(span => traces.Contains(span.TraceId)).ToList();
        var roots = spans.Where(span => span.OperationName == "startup").ToList();
        roots.Select(root => root.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        roots[1].Links.Single().Context.ShouldBe(roots[0].Context);
        spans.Where(span => span.OperationName == "startup.schema_gate").Select(span => span.TraceId)
            .ShouldBe(roots.Select(root => root.TraceId));
        var warmed = spans.Single(span => span.OperationName == "startup.agent_warmup");
        warmed.TraceId.ShouldBe(roots[1].TraceId);
        warmed.Events.Select(found => (found.Name, found.Tags.Single().Value))
            .ShouldBe([("retry", "System.IO.IOException"), ("retry", "System.IO.IOException")]);

        ByPhase(durations.GetMeasurementSnapshot(), values => values.Count()).ShouldBe([("agent_warmup", 1), ("schema_gate", 1)]);
        durations.GetMeasurementSnapshot().Single(measured => measured.Tags["phase"] is "schema_gate").Value
            .ShouldBeGreaterThanOrEqualTo(60);
        ByPhase(retries.GetMeasurementSnapshot(), values => values.Sum()).ShouldBe([("agent_warmup", 2L)]);
        ByPhase(failures.GetMeasurementSnapshot(), values => values.Sum()).ShouldBe([("agent_warmup", 2L), ("schema_gate", 1L)]);
    }

    private static IEnumerable<(string Phase, TResult Value)> ByPhase<TValue, TResult>(
        IEnumerable<CollectedMeasurement<TValue>> measured, Func<IEnumerable<TValue>, TResult> total)
        where TValue : struct =>
        measured.GroupBy(measurement => (string)measurement.Tags["phase"]!, measurement => measurement.Value)
            .OrderBy(phase => phase.Key, StringComparer.Ordinal)
            .Select(phase => (phase.Key, total(phase)));

    private static IHost NewHost(FakeTimeProvider time, List<Activity> exported, params StartupPhase[] phases)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddStartupPipeline(new ProductionEnvironment("Production", IsProduction: true, Contradiction: null));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(StartupTelemetry.Name).AddInMemoryExporter(exported));
        foreach (var phase in phases)
        {
            builder.Services.AddSingleton(phase);
        }

        return builder.Build();
    }
}
