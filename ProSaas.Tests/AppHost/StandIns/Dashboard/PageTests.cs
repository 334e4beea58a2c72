using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ProSaas.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>The pages in a browser, over the whole application.</summary>
public sealed class PageTests(ShownApplication shown, DashboardBrowser browser) : IClassFixture<ShownApplication>, IClassFixture<DashboardBrowser>
{
    private DashboardSettings Settings => shown.Application.Services.GetRequiredService<DashboardSettings>();

    private TelemetryStore Store => shown.Application.Services.GetRequiredService<TelemetryStore>();

    [Fact]
    public async Task Business_of_the_warmup_is_found_from_the_list_of_traces()
    {
        await StartupTraceAsync();
        var page = await browser.OpenAsync(Settings, "/traces");
        await page.GetByLabel("Name or id").FillAsync("startup");
        await page.GetByRole(AriaRole.Link, new() { Name = "prosaas-api: startup" }).Last.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "prosaas-api: startup", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator("tr[data-span='startup.schema_gate'] .bar.wait")).ToBeVisibleAsync();
        await Expect(page.Locator("tr[data-span='startup.schema_gate'] .took")).ToContainTextAsync("migrations");
        await Expect(page.Locator("tr[data-span='startup.migrate'] .bar.other")).ToBeVisibleAsync();
        var warmups = page.GetByRole(AriaRole.Button, new() { Name = "Children of startup.agent_warmup", Exact = true });
        var business = page.Locator("tr[data-span='startup.agent_warmup.business']");
        await Expect(business.First).ToBeVisibleAsync();
        await warmups.ClickAsync();
        await Expect(business).ToHaveCountAsync(0);
        await warmups.PressAsync("Enter");
        await business.First.GetByRole(AriaRole.Button).Last.ClickAsync();

        var details = page.GetByRole(AriaRole.Complementary, new() { Name = "startup.agent_warmup.business" });
        await Expect(details.GetByRole(AriaRole.Rowheader, new() { Name = "prosaas.business.id" })).ToBeVisibleAsync();
        await Expect(details.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Stopped_api_is_shown_stopped_and_starts_again()
    {
        var page = await browser.OpenAsync(Settings);
        var api = page.Locator("tr[data-resource='prosaas-api']");
        await Expect(api).ToHaveAttributeAsync("data-phase", "Running");

        await api.GetByRole(AriaRole.Button, new() { Name = "Stop prosaas-api", Exact = true }).ClickAsync();
        await Expect(api).ToHaveAttributeAsync("data-phase", "Stopped");

        // By keyboard.
        var start = api.GetByRole(AriaRole.Button, new() { Name = "Start prosaas-api", Exact = true });
        await Expect(start).ToBeEnabledAsync();
        await start.PressAsync("Enter");
        await Expect(page.Locator("tr[data-resource='prosaas-api'][data-phase='Starting']")).ToBeVisibleAsync();
        await Expect(api).ToHaveAttributeAsync("data-phase", "Running", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Socket_of_another_page_in_the_same_browser_is_refused()
    {
        const string Open = "url => new Promise(done => { const s = new WebSocket(url); s.onopen = () => done('open'); s.onerror = () => done('refused'); })";
        var page = await browser.OpenAsync(Settings);
        var socket = $"ws://{Settings.Frontend.Authority}/_blazor";
        (await page.EvaluateAsync<string>(Open, socket)).ShouldBe("open");

        // Another port of the same host is the same site: the browser sends the cookie.
        var other = await page.Context.NewPageAsync();
        await other.RouteAsync("http://127.0.0.1:9/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>Another application" }));
        await other.GotoAsync("http://127.0.0.1:9/");
        (await other.EvaluateAsync<string>(Open, socket)).ShouldBe("refused");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_page_has_no_serious_axe_finding(ColorScheme scheme)
    {
        var trace = await StartupTraceAsync();
        var page = await browser.OpenAsync(Settings, "/", scheme);
        var findings = new List<string>();
        foreach (var path in (string[])["/", "/consolelogs/resource/prosaas-api", "/structuredlogs", "/traces", $"/traces/detail/{trace.TraceId}", $"/traces/detail/{trace.TraceId}?spanId={trace.SpanId}", "/traces/detail/0123"])
        {
            await page.GotoAsync(path);
            await DashboardBrowser.UntilLiveAsync(page);
            await Expect(page.Locator("body")).ToHaveCSSAsync("color", scheme == ColorScheme.Dark ? "rgb(255, 255, 255)" : "rgb(36, 36, 36)");
            var result = await page.RunAxe();
            result.Passes.ShouldNotBeEmpty();
            findings.AddRange(result.Violations.Where(IsSerious).Select(violation => $"{path}: {violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        }

        findings.ShouldBeEmpty();
    }

    private static bool IsSerious(AxeResultItem violation) => violation.Impact is "serious" or "critical";

    private async Task<SpanRecord> StartupTraceAsync()
    {
        SpanRecord? startup = null;
        await Eventually.TrueAsync(
            () => (startup = Store.GetSpans("prosaas-api", traceId: null, "startup", onlyErrors: false).LastOrDefault(span => span.Name == "startup")) is not null,
            "the start of the API has arrived");
        return startup!;
    }
}
