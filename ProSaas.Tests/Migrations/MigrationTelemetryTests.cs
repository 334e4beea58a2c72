using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProSaas.MigrationWorker;

namespace ProSaas.Tests.Migrations;

public sealed class MigrationTelemetryTests
{
    [Theory]
    [InlineData(true, "succeeded", ActivityStatusCode.Unset)]
    [InlineData(false, "failed", ActivityStatusCode.Error)]
    public void Run_is_measured_and_its_root_span_says_how_it_went(bool succeeds, string outcome, ActivityStatusCode status)
    {
        var time = new FakeTimeProvider();
        using var services = new ServiceCollection()
            .AddMetrics().AddSingleton<TimeProvider>(time).AddSingleton<MigrationTelemetry>().BuildServiceProvider();
        using var durations = new MetricCollector<double>(
            services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "ProSaas.Startup", "prosaas.startup.phase.duration");
        using var spans = new SpanCollector("ProSaas.Startup");
        ActivityTraceId trace;

        using (var run = services.GetRequiredService<MigrationTelemetry>().Begin())
        {
            trace = Activity.Current.ShouldNotBeNull().TraceId;
            time.Advance(TimeSpan.FromSeconds(1.5));
            if (succeeds)
            {
                run.Succeed();
            }
        }

        var measured = durations.GetMeasurementSnapshot().ShouldHaveSingleItem();
        (measured.Value, measured.Tags["phase"], measured.Tags["outcome"]).ShouldBe((1.5, "migrate", outcome));
        var root = spans.OfTrace(trace).ShouldHaveSingleItem();
        (root.OperationName, root.Status).ShouldBe(("startup", status));
        root.StartTimeUtc.ShouldBe(Process.GetCurrentProcess().StartTime.ToUniversalTime(), TimeSpan.FromSeconds(1));
    }
}
