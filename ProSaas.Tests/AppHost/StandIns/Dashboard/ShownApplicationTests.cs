using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>The whole application with its dashboard.</summary>
public sealed class ShownApplicationTests(ShownApplication shown) : IClassFixture<ShownApplication>
{
    private IServiceProvider Services => shown.Application.Services;

    [Fact]
    public async Task Start_is_a_trace_with_the_warmup_below_it()
    {
        using var script = new HttpClient { BaseAddress = Services.GetRequiredService<DashboardSettings>().Frontend };
        script.DefaultRequestHeaders.Add("x-api-key", Services.GetRequiredService<DashboardSettings>().ApiKey);
        await Eventually.TrueAsync(() => IsListeningAsync(script), "the dashboard is there");
        JsonElement? warmup = null;
        JsonElement trace = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var traces = await script.GetFromJsonAsync<JsonElement>(new Uri("/api/telemetry/traces?take=1000", UriKind.Relative), TestContext.Current.CancellationToken);
                foreach (var candidate in traces.GetProperty("traces").EnumerateArray())
                {
                    if (SpanOf(candidate, "startup.agent_warmup") is { } found && SpanOf(candidate, "startup") is not null)
                    {
                        (warmup, trace) = (found, candidate);
                    }
                }

                return warmup is not null;
            },
            "the start of the API is a trace");

        var startup = SpanOf(trace, "startup")!.Value;
        warmup!.Value.GetProperty("parentSpanId").GetString().ShouldBe(startup.GetProperty("spanId").GetString());
        startup.TryGetProperty("parentSpanId", out _).ShouldBeFalse();
        startup.GetProperty("resource").GetString().ShouldBe("prosaas-api");
        var gate = SpanOf(trace, "startup.schema_gate")!.Value;
        var linked = gate.GetProperty("links")[0].GetProperty("traceId").GetString()!;
        Services.GetRequiredService<TelemetryStore>().GetTrace(linked).ShouldNotBeNull().Nodes.ShouldContain(node => node.Span.Name == "startup.migrate");
    }

    [Fact]
    public async Task Resources_consoles_and_logs_of_the_run_are_shown()
    {
        var application = Services.GetRequiredService<IApplication>();
        await Eventually.TrueAsync(() => application.GetResources().Single(resource => resource.Name == "prosaas-api").Phase == ResourcePhase.Running, "the API runs");

        var resources = application.GetResources();
        resources.Select(resource => resource.Name).ShouldBe(["postgres", "prosaasdb", "migrations", "baileys", "prosaas-api"]);
        resources[2].Phase.ShouldBe(ResourcePhase.Finished);
        resources[4].WaitsFor.ShouldContain("migrations");
        resources[1].Commands.Single(command => command.Name == "reset-database").Confirmation.ShouldNotBeNull();
        (await application.ExecuteAsync("prosaasdb", "reset-database", isConfirmed: false)).IsSuccess.ShouldBeFalse();
        Services.GetRequiredService<ConsoleLog>().Read("migrations").ShouldContain(line => line.Text.Contains("🔒 Migrations complete", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Services.GetRequiredService<TelemetryStore>().GetLogs(new LogQuery { Text = "Agent warmup waiting" }).TotalCount == 1, "its log has arrived");
    }

    [Fact]
    public async Task Problem_links_to_its_trace()
    {
        using var client = shown.Application.CreateHttpClient("prosaas-api");
        using var answer = await client.GetAsync(new Uri("/api/no-such-path", UriKind.Relative), TestContext.Current.CancellationToken);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        var link = new Uri(problem.GetProperty("traceUrl").GetString()!);
        link.GetLeftPart(UriPartial.Authority).ShouldBe(Services.GetRequiredService<DashboardSettings>().Frontend.GetLeftPart(UriPartial.Authority));
        link.AbsolutePath.ShouldStartWith("/traces/detail/");
        var traceId = link.Segments[^1];
        problem.GetProperty("traceId").GetString()!.ShouldContain(traceId);
        await Eventually.TrueAsync(() => Services.GetRequiredService<TelemetryStore>().HasTrace(traceId), "the trace of the link has arrived");
    }

    private static async Task<bool> IsListeningAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/api/telemetry/resources", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static JsonElement? SpanOf(JsonElement trace, string name)
    {
        foreach (var span in trace.GetProperty("spans").EnumerateArray())
        {
            if (span.GetProperty("name").GetString() == name)
            {
                return span;
            }
        }

        return null;
    }
}
