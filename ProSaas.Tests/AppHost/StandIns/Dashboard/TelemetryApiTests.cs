using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class TelemetryApiTests : IAsyncLifetime
{
    private DashboardStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await DashboardStage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Traces_have_their_spans_in_the_order_of_the_waterfall()
    {
        _stage.Store.AddSpans(new("api", ""), [], [Spans.Kept(2, parent: 1, startMs: 1), Spans.Kept(1)]);

        var traces = await GetAsync("/api/telemetry/traces?resource=api");

        traces.GetProperty("totalCount").GetInt32().ShouldBe(1);
        var trace = traces.GetProperty("traces")[0];
        (trace.GetProperty("traceId").GetString(), trace.GetProperty("name").GetString(), trace.GetProperty("durationMs").GetDouble()).ShouldBe((Spans.TraceId, "span 1", 11));
        trace.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("name").GetString()).ShouldBe(["span 1", "span 2"]);
        (await GetAsync($"/api/telemetry/traces/{Spans.TraceId.ToUpperInvariant()}")).GetProperty("spanCount").GetInt32().ShouldBe(2);
        (await GetAsync("/api/telemetry/spans?text=SPAN%202")).GetProperty("spans")[0].GetProperty("parentSpanId").GetString().ShouldBe($"{1:x16}");
    }

    [Fact]
    public async Task Resources_are_those_of_the_application_and_those_who_send()
    {
        _stage.Application.Resources =
        [
            new ApplicationResource("api", "api", "Project", "Running", ResourcePhase.Running, "Healthy", null, null, Spans.Noon, null, 1, ["database"], [new("http://127.0.0.1:1", null)], []),
        ];
        _stage.Store.AddSpans(new("api", "api"), [], [Spans.Kept(1)]);
        _stage.Store.AddSpans(new("stranger", ""), [], [Spans.Kept(1)]);

        var resources = await GetAsync("/api/telemetry/resources");

        resources.EnumerateArray().Select(own => (own.GetProperty("name").GetString(), own.TryGetProperty("state", out var state) ? state.GetString() : null, own.GetProperty("spans").GetInt32()))
            .ShouldBe([("api", "Running", 1), ("stranger", null, 1)]);
    }

    [Fact]
    public async Task Unknown_trace_is_not_found_and_wrong_parameter_a_bad_request()
    {
        using var script = _stage.CreateScript();
        using var unknown = await script.GetAsync(new Uri("/api/telemetry/traces/abc", UriKind.Relative), TestContext.Current.CancellationToken);
        using var wrong = await script.GetAsync(new Uri("/api/telemetry/logs?level=loud", UriKind.Relative), TestContext.Current.CancellationToken);

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Logs_are_read_in_parts()
    {
        var log = new LogEntry { Resource = new("api", ""), Scope = "s", Time = Spans.Noon, Level = Microsoft.Extensions.Logging.LogLevel.Warning, Message = "<script>", TraceId = null, SpanId = null, Attributes = [new("a", "1"), new("a", "2")], Dropped = 0 };
        _stage.Store.AddLogs(log.Resource, [], [log]);

        var logs = await GetAsync("/api/telemetry/logs?level=Warning&take=1");

        var entry = logs.GetProperty("logs")[0];
        (entry.GetProperty("message").GetString(), entry.GetProperty("level").GetString(), entry.GetProperty("attributes").GetProperty("a").GetString()).ShouldBe(("<script>", "Warning", "2"));
        (await GetAsync("/api/telemetry/logs?before=1")).GetProperty("logs").GetArrayLength().ShouldBe(0);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var script = _stage.CreateScript();
        return await script.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
