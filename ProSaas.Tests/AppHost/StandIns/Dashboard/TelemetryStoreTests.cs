using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class TelemetryStoreTests
{
    private static readonly TelemetryResource Api = new("api", "");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Oldest_spans_of_a_resource_go_and_others_keep_theirs()
    {
        var store = Store(new TelemetryLimits { MaxSpans = 3 });
        store.AddSpans(new("worker", ""), [], [Spans.Kept(100, resource: new("worker", ""), trace: 7)]);
        store.AddSpans(Api, [], [.. Enumerable.Range(1, 5).Select(id => Spans.Kept(id, trace: id))]);

        store.GetResources().Select(own => (own.Resource.Name, own.SpanCount, own.DroppedSpans)).ShouldBe([("api", 3, 2), ("worker", 1, 0)]);
        store.HasTrace($"{1:x32}").ShouldBeFalse();
        store.GetTrace($"{5:x32}").ShouldNotBeNull().Nodes.Count.ShouldBe(1);
    }

    [Fact]
    public void Trace_of_more_spans_than_are_kept_has_the_latest()
    {
        var store = Store(new TelemetryLimits { MaxSpans = 1_000 });
        for (var first = 1; first <= 50_000; first += 500)
        {
            store.AddSpans(Api, [], [.. Enumerable.Range(first, 500).Select(id => Spans.Kept(id, parent: 1, startMs: id))]);
        }

        var trace = store.GetTrace(Spans.TraceId).ShouldNotBeNull();
        trace.Nodes.Count.ShouldBe(1_000);
        (trace.Summary.SpanCount, trace.Summary.IsComplete).ShouldBe((1_000, false));
    }

    [Fact]
    public void Large_telemetry_is_bounded_in_bytes()
    {
        var store = Store(new TelemetryLimits { MaxBytes = 10_000 });
        store.AddSpans(Api, [], [.. Enumerable.Range(1, 100).Select(id => Spans.Kept(id, trace: id, bytes: 1_000))]);

        store.GetResources().Single().SpanCount.ShouldBe(10);
    }

    [Fact]
    public void Resource_that_was_not_heard_from_for_longest_goes()
    {
        var store = Store(new TelemetryLimits { MaxResources = 2 });
        foreach (var name in (string[])["first", "second", "first", "third"])
        {
            store.AddSpans(new(name, ""), [], [Spans.Kept(1, trace: name.Length, resource: new(name, ""))]);
        }

        store.GetResources().Select(own => own.Resource.Name).ShouldBe(["first", "third"]);
        store.GetTraces(new TraceQuery()).TotalCount.ShouldBe(1);
    }

    [Fact]
    public void Parent_that_comes_late_takes_its_children()
    {
        var store = Store();
        store.AddSpans(Api, [], [Spans.Kept(2, parent: 1, startMs: 1)]);
        store.GetTrace(Spans.TraceId)!.Summary.IsComplete.ShouldBeFalse();

        store.AddSpans(new("worker", ""), [], [Spans.Kept(1, resource: new("worker", ""))]);

        var trace = store.GetTrace(Spans.TraceId).ShouldNotBeNull();
        (trace.Summary.Name, trace.Summary.Resource.Name, trace.Summary.IsComplete).ShouldBe(("span 1", "worker", true));
        trace.Nodes.Select(node => node.Depth).ShouldBe([0, 1]);
    }

    [Fact]
    public void Clocks_an_hour_apart_make_a_long_trace_and_no_negative_time()
    {
        var store = Store();
        store.AddSpans(Api, [], [Spans.Kept(1), Spans.Kept(2, parent: 1, startMs: -3_600_000)]);

        var trace = store.GetTrace(Spans.TraceId).ShouldNotBeNull();
        (trace.Summary.Start, trace.Summary.Duration).ShouldBe((Spans.Noon.AddHours(-1), TimeSpan.FromMilliseconds(3_600_010)));
        trace.Nodes.Select(node => node.Depth).ShouldBe([0, 1]);
    }

    [Fact]
    public void Trace_knows_the_spans_that_link_to_it()
    {
        var store = Store();
        store.AddSpans(Api, [], [Spans.Kept(1), Spans.Kept(2, trace: 11, links: new SpanLink(Spans.TraceId, $"{1:x16}", []))]);

        store.GetTrace(Spans.TraceId)!.LinkedFrom.Single().SpanId.ShouldBe($"{2:x16}");
    }

    [Fact]
    public void Traces_are_listed_newest_first_in_parts()
    {
        var store = Store();
        store.AddSpans(Api, [], [.. Enumerable.Range(1, 5).Select(id => Spans.Kept(id, trace: id, startMs: id * 100))]);

        var page = store.GetTraces(new TraceQuery { Skip = 1, Take = 2 });

        page.Items.Select(trace => trace.Name).ShouldBe(["span 4", "span 3"]);
        page.TotalCount.ShouldBe(5);
        store.GetTraces(new TraceQuery { Text = "SPAN 2" }).Items.Single().Name.ShouldBe("span 2");
        store.GetTraces(new TraceQuery { OnlyErrors = true }).TotalCount.ShouldBe(0);
        store.GetTraces(new TraceQuery { Resource = "other" }).TotalCount.ShouldBe(0);
    }

    [Fact]
    public void Log_is_read_by_level_text_trace_and_in_parts()
    {
        var store = Store();
        store.AddLogs(Api, [], [Entry("one", LogLevel.Information), Entry("two", LogLevel.Error, Spans.TraceId), Entry("three", LogLevel.Warning)]);

        store.GetLogs(new LogQuery { MinimumLevel = LogLevel.Warning }).Items.Select(entry => entry.Message).ShouldBe(["three", "two"]);
        store.GetLogs(new LogQuery { Text = "TWO" }).TotalCount.ShouldBe(1);
        store.GetLogs(new LogQuery { TraceId = Spans.TraceId }).Items.Single().Message.ShouldBe("two");
        var part = store.GetLogs(new LogQuery { Take = 1, Before = 3 });
        (part.Items.Single().Message, part.TotalCount).ShouldBe(("two", 3));
    }

    [Fact]
    public void Metrics_have_their_latest_value_and_a_bound()
    {
        var store = Store(new TelemetryLimits { MaxMetrics = 2 });
        store.AddMetrics(Api, [], [Metric("a", 1), Metric("b", 2), Metric("c", 3)]);
        store.AddMetrics(Api, [], [Metric("a", 4)]);

        store.GetMetrics(Api).Select(metric => (metric.Name, metric.Value)).ShouldBe([("a", 4), ("b", 2)]);
    }

    [Fact]
    public async Task Change_is_told_at_once_and_many_are_told_as_one()
    {
        var store = Store();
        await using var changes = store.TraceChanges.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await changes.MoveNextAsync()).ShouldBeTrue();

        for (var id = 1; id <= 100; id++)
        {
            store.AddSpans(Api, [], [Spans.Kept(id, trace: id)]);
        }

        var second = changes.MoveNextAsync().AsTask();
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(250));
        (await second).ShouldBeTrue();

        var third = changes.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromHours(1));
        third.IsCompleted.ShouldBeFalse();
        store.AddSpans(Api, [], [Spans.Kept(1, trace: 200)]);
        (await third).ShouldBeTrue();
    }

    [Fact]
    public void Console_keeps_the_latest_lines_and_gives_those_after_a_number()
    {
        var log = new ConsoleLog(_time);
        for (var line = 1; line <= 6_000; line++)
        {
            log.Add("api", $"line {line}", isError: false);
        }

        log.Read("api").Count.ShouldBe(5_000);
        log.Read("API", after: 5_998).Select(line => line.Text).ShouldBe(["line 5999", "line 6000"]);
        log.Read("other").ShouldBeEmpty();
    }

    private TelemetryStore Store(TelemetryLimits? limits = null) => new(limits ?? new TelemetryLimits(), _time);

    private static LogEntry Entry(string message, LogLevel level, string? traceId = null) => new()
    {
        Resource = Api,
        Scope = "scope",
        Time = Spans.Noon,
        Level = level,
        Message = message,
        TraceId = traceId,
        SpanId = null,
        Attributes = [],
        Dropped = 0,
        Bytes = 100,
    };

    private static MetricValue Metric(string name, double value) => new("meter", name, "s", "", [], Spans.Noon, value, Count: null);
}
