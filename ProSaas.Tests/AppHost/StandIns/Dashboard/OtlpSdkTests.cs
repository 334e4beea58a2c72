using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ProSaas.Tests.Fixtures;
using SpanKind = Aspire.Dashboard.Telemetry.SpanKind;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>What OpenTelemetry's own SDK exports.</summary>
public sealed partial class OtlpSdkTests
{
    private const string Name = "ProSaas.Tests.OtlpSdkTests";

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Spans_logs_and_metrics_of_the_sdk_arrive(OtlpExportProtocol protocol)
    {
        await using var stage = await DashboardStage.StartAsync();
        string traceId;
        await using (var services = Sdk(stage, protocol))
        {
            var tracers = services.GetRequiredService<TracerProvider>();
            var meters = services.GetRequiredService<MeterProvider>();
            using var source = new ActivitySource(Name);
            using var meter = new Meter(Name);
            using (var parent = source.StartActivity("parent", ActivityKind.Server).ShouldNotBeNull())
            {
                traceId = parent.TraceId.ToString();
                using var child = source.StartActivity("child", ActivityKind.Client, parent.Context, [new("peer", "database"), new("rows", 3), new("parts", new[] { "a", "b" })],
                    [new ActivityLink(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded))]).ShouldNotBeNull();
                child.AddException(new InvalidOperationException("no more rows"));
                child.SetStatus(ActivityStatusCode.Error, "failed");
                LogFewRows(services.GetRequiredService<ILoggerFactory>().CreateLogger("category"), 3);
            }

            meter.CreateCounter<long>("rows").Add(42, new KeyValuePair<string, object?>("table", "businesses"));
            tracers.ForceFlush().ShouldBeTrue();
            meters.ForceFlush().ShouldBeTrue();
        }

        await Eventually.TrueAsync(
            () => stage.Store.GetTrace(traceId)?.Nodes.Count == 2 && stage.Store.GetLogs(new LogQuery()).TotalCount == 1 && stage.Store.GetResources().Single().MetricCount > 0, "all have arrived");
        var trace = stage.Store.GetTrace(traceId)!;
        trace.Nodes.Select(node => (node.Span.Name, node.Depth, node.Span.Kind)).ShouldBe([("parent", 0, SpanKind.Server), ("child", 1, SpanKind.Client)]);
        var failed = trace.Nodes[1].Span;
        failed.Attributes.ShouldBe([new("peer", "database"), new("rows", "3"), new("parts", """["a","b"]""")], ignoreOrder: true);
        (failed.Status, failed.StatusMessage, failed.Scope, failed.Links.Count).ShouldBe((SpanStatus.Error, "failed", Name, 1));
        failed.Events.Single().Attributes.ShouldContain(new KeyValuePair<string, string>("exception.message", "no more rows"));
        failed.Resource.ShouldBe(new TelemetryResource("sdk", "sdk-1"));
        var entry = stage.Store.GetLogs(new LogQuery()).Items.Single();
        (entry.Message, entry.Level, entry.TraceId, entry.SpanId, entry.Scope).ShouldBe(("Only 3 rows", LogLevel.Warning, traceId, failed.SpanId, "category"));
        stage.Store.GetMetrics(failed.Resource).ShouldContain(metric => metric.Name == "rows" && metric.Value == 42 && metric.Attributes.Single().Value == "businesses");
    }

    [Fact]
    public async Task Sdk_with_another_key_leaves_nothing()
    {
        await using var stage = await DashboardStage.StartAsync();
        await using (var services = Sdk(stage, OtlpExportProtocol.Grpc, key: "another"))
        {
            using var source = new ActivitySource(Name);
            var tracers = services.GetRequiredService<TracerProvider>();
            source.StartActivity("refused").ShouldNotBeNull().Dispose();
            tracers.ForceFlush();
        }

        stage.Store.GetResources().ShouldBeEmpty();
    }

    [LoggerMessage(1, LogLevel.Warning, "Only {Count} rows")]
    private static partial void LogFewRows(ILogger logger, int count);

    private static ServiceProvider Sdk(DashboardStage stage, OtlpExportProtocol protocol, string? key = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddOpenTelemetry(options => options.IncludeFormattedMessage = true));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sdk", serviceInstanceId: "sdk-1"))
            .WithTracing(tracing => tracing.AddSource(Name).SetSampler(new AlwaysOnSampler()).AddOtlpExporter(options => To(options, "traces")))
            .WithMetrics(metrics => metrics.AddMeter(Name).AddOtlpExporter(options => To(options, "metrics")))
            .WithLogging(logging => logging.AddOtlpExporter(options => To(options, "logs")));
        return services.BuildServiceProvider();

        void To(OtlpExporterOptions options, string signal)
        {
            options.Protocol = protocol;
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? stage.Settings.OtlpGrpc : new Uri(stage.Settings.OtlpHttp, $"/v1/{signal}");
            options.Headers = $"x-otlp-api-key={key ?? stage.Settings.OtlpApiKey}";
        }
    }
}
