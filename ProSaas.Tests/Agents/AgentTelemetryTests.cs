using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProSaas.Api.Agents;
using ProSaas.Tests.Migrations;
using static ProSaas.Testing.OpenAiServer;

namespace ProSaas.Tests.Agents;

public sealed class AgentTelemetryTests
{
    private const string Secret = "my card is 4580-1234";

    [Fact]
    public async Task Reply_is_a_span_with_the_models_and_the_tools_below_it()
    {
        await using var server = (await StartAsync()).Next(CallsTool("opening_hours_now"));
        await using var agent = AgentFixture.Over(server);

        var spans = await SpansAsync(() => agent.AskAsync());

        var reply = spans.Single(span => span.DisplayName == "invoke_agent whatsapp");
        spans.Where(span => span.DisplayName.StartsWith("chat", StringComparison.Ordinal)).Select(span => span.ParentSpanId)
            .ShouldBe([reply.SpanId, reply.SpanId]);
        spans.Single(span => span.DisplayName == "execute_tool opening_hours_now").ParentSpanId.ShouldBe(reply.SpanId);
        (reply.GetTagItem("prosaas.agent.answerer"), reply.GetTagItem("prosaas.agent.fallback"), reply.GetTagItem(
            "prosaas.business.id")).ShouldBe(("openai", false, 1L));
    }

    [Fact]
    public async Task Fallback_shows_on_the_span_and_in_the_metric()
    {
        await using var server = (await StartAsync())
            .Next(Fails(400, body: $$"""{ "error": { "message": "{{Secret}} is not allowed" } }"""));
        await using var agent = AgentFixture.Over(server);
        using var durations = new MetricCollector<double>(agent.Meters, AgentTelemetry.Name, "prosaas.agent.reply.duration");

        var spans = await SpansAsync(() => agent.AskAsync());

        var reply = spans.Single(span => span.DisplayName == "invoke_agent whatsapp");
        (reply.GetTagItem("prosaas.agent.answerer"), reply.GetTagItem("prosaas.agent.fallback"), reply.GetTagItem(
            "prosaas.agent.fallback.reason")).ShouldBe(("embedded", true, "http_400"));
        durations.LastMeasurement.ShouldNotBeNull().Tags["prosaas.agent.fallback"].ShouldBe(true);
        Written(spans).ShouldNotContain(Secret, customMessage: "a provider may repeat what the customer said");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_are_in_spans_only_when_the_setting_says_so(bool recordMessages)
    {
        await using var server = (await StartAsync())
            .Next(CallsTool("take_message", $$"""{"text":"{{Secret}}"}"""), Says("Noted: " + Secret));
        await using var agent = AgentFixture.Over(server, recordMessages);

        var written = Written(await SpansAsync(() => agent.AskAsync(Secret)));

        written.Contains(Secret, StringComparison.Ordinal).ShouldBe(recordMessages);
        written.Contains("Be brief.", StringComparison.Ordinal).ShouldBe(false);
        written.Contains("Use emoji.", StringComparison.Ordinal).ShouldBe(recordMessages);
    }

    private static async Task<IReadOnlyList<Activity>> SpansAsync(Func<Task> act)
    {
        using var spans = new SpanCollector(AgentTelemetry.Name);
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await act();
        root.Stop();
        return spans.OfTrace(root.TraceId);
    }

    private static string Written(IEnumerable<Activity> spans) => string.Join('\n', spans.SelectMany(span =>
        span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
            .Concat(span.Events.SelectMany(happened => happened.Tags.Select(tag => $"{tag.Key}={tag.Value}")))
            .Append($"{span.DisplayName} {span.StatusDescription}")));
}
