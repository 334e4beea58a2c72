using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace ProSaas.Tests.ServiceDefaults;

public sealed class OwnQueryFilterTests
{
    private readonly List<Activity> _exported = [];

    [Theory]
    [InlineData(ActivityKind.Client, false)]
    [InlineData(ActivityKind.Server, true)]
    [InlineData(ActivityKind.Consumer, true)]
    [InlineData(ActivityKind.Internal, true)]
    public void Trace_is_exported_unless_a_clients_span_begins_it(ActivityKind root, bool isExported)
    {
        Record(source =>
        {
            using var first = source.StartActivity("first", root);
            using var second = source.StartActivity("second", ActivityKind.Client);
        });

        _exported.Select(span => span.DisplayName).ShouldBe(isExported ? ["second", "first"] : []);
    }

    [Fact]
    public void Clients_span_of_a_caller_from_outside_is_exported()
    {
        var caller = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

        Record(source => source.StartActivity("query", ActivityKind.Client, caller)?.Dispose());

        _exported.ShouldHaveSingleItem().DisplayName.ShouldBe("query");
    }

    private void Record(Action<ActivitySource> act)
    {
        var name = $"{nameof(OwnQueryFilterTests)}.{Guid.NewGuid():N}";
        var builder = Host.CreateApplicationBuilder();
        builder.AddServiceDefaults();
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(name).AddInMemoryExporter(_exported));
        using var host = builder.Build();
        var provider = host.Services.GetRequiredService<TracerProvider>();
        using var source = new ActivitySource(name);
        Activity.Current = null;
        act(source);
        provider.ForceFlush();
    }
}
