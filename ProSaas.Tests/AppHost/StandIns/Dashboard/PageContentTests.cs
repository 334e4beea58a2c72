using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>The pages in a browser, over what a test makes up.</summary>
public sealed class PageContentTests(DashboardBrowser browser) : IClassFixture<DashboardBrowser>
{
    private const string Html = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";

    private static readonly TelemetryResource Api = new("api", "");

    [Fact]
    public async Task Logs_are_filtered_by_level_resource_and_text_and_come_without_reload()
    {
        await using var stage = await DashboardStage.StartAsync();
        Log(stage, Api, LogLevel.Information, "The gate is open");
        Log(stage, Api, LogLevel.Error, "The gate fell");
        Log(stage, new TelemetryResource("worker", ""), LogLevel.Error, "The worker fell");
        var page = await browser.OpenAsync(stage.Settings, "/structuredlogs");
        var rows = page.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3);

        await page.GetByLabel("Level").SelectOptionAsync("Error");
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByLabel("Resource").SelectOptionAsync("api");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"traces/detail/{Spans.TraceId}");

        Log(stage, Api, LogLevel.Critical, "It burns");
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByLabel("Text").FillAsync("BURNS");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record");
    }

    [Fact]
    public async Task Html_in_names_and_messages_is_shown_as_text()
    {
        await using var stage = await DashboardStage.StartAsync();
        var resource = new TelemetryResource(Html, "");
        stage.Store.AddSpans(resource, [], [Spans.Kept(1, resource: resource, name: Html)]);
        Log(stage, resource, LogLevel.Error, Html);
        stage.Console.Add("api", Html, isError: true);
        stage.Application.Resources = [Resource("api", ResourcePhase.Failed) with { Reason = Html, Type = Html, Urls = [new ResourceUrl("javascript:document.title='run'", Html)] }];
        var page = await browser.OpenAsync(stage.Settings);

        foreach (var path in (string[])["/", "/consolelogs/resource/api", "/structuredlogs", "/traces", $"/traces/detail/{Spans.TraceId}?spanId={1:x16}"])
        {
            await page.GotoAsync(path);
            await DashboardBrowser.UntilLiveAsync(page);
            await Expect(page.GetByText(Html).Last).ToBeVisibleAsync();
            (await page.Locator("img, main script, a[href^='javascript']").CountAsync()).ShouldBe(0, path);
            (await page.TitleAsync()).ShouldNotBe("run");
        }
    }

    [Fact]
    public async Task Dangerous_command_is_run_only_after_its_dialog_was_confirmed()
    {
        await using var stage = await DashboardStage.StartAsync();
        stage.Application.Resources = [Resource("db", ResourcePhase.Running, new ResourceCommand("reset", "Reset", null, "All data is lost.", IsHighlighted: true, IsEnabled: true))];
        var page = await browser.OpenAsync(stage.Settings);
        var reset = page.GetByRole(AriaRole.Button, new() { Name = "Reset db" });
        var dialog = page.GetByRole(AriaRole.Dialog);

        await reset.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("All data is lost.");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        stage.Application.Commands.ShouldBeEmpty();

        await reset.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Reset db: Done.");
        stage.Application.Commands.ShouldBe(["db reset True"]);
    }

    [Fact]
    public async Task Starting_resource_looks_like_starting_and_a_change_comes_without_reload()
    {
        await using var stage = await DashboardStage.StartAsync();
        stage.Application.Resources = [Resource("api", ResourcePhase.Starting) with { Health = "Unhealthy" }];
        var page = await browser.OpenAsync(stage.Settings);
        var row = page.Locator("tr[data-resource='api']");
        await Expect(row).ToContainTextAsync("Starting");
        await Expect(row).ToContainTextAsync("Not yet");
        await Expect(row).Not.ToContainTextAsync("Unhealthy");

        stage.Application.Resources = [Resource("api", ResourcePhase.Failed) with { ExitCode = 3, Reason = "It ended" }];
        stage.Application.Changes.Raise();
        await Expect(row).ToContainTextAsync("exit code 3");
        await Expect(row).ToContainTextAsync("It ended");
    }

    [Fact]
    public async Task Console_is_searched_and_goes_on_at_its_end()
    {
        await using var stage = await DashboardStage.StartAsync();
        stage.Application.Resources = [Resource("api", ResourcePhase.Running), Resource("other", ResourcePhase.Running)];
        for (var i = 1; i <= 2_000; i++)
        {
            stage.Console.Add("api", $"\e[31mline {i}\e[0m", isError: false);
        }

        var page = await browser.OpenAsync(stage.Settings, "/consolelogs/resource/api");
        await Expect(page.GetByText("line 2000", new() { Exact = false })).ToBeInViewportAsync();
        stage.Console.Add("api", "the very last", isError: true);
        await Expect(page.GetByText("the very last")).ToBeInViewportAsync();
        (await page.Locator(".line").CountAsync()).ShouldBeLessThan(500);

        await page.GetByLabel("Search").FillAsync("LINE 1234");
        await Expect(page.Locator(".line")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 of 2,001 lines");
        await page.GetByLabel("Resource").SelectOptionAsync("other");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 of 0 lines");
    }

    [Fact]
    public async Task Trace_with_50000_spans_is_drawn_in_part_and_reached_to_its_end()
    {
        await using var stage = await DashboardStage.StartAsync(limits: new TelemetryLimits { MaxSpans = 60_000 });
        stage.Store.AddSpans(Api, [], [.. Enumerable.Range(1, 50_000).Select(id => Spans.Kept(id, id == 1 ? null : 1, startMs: id, durationMs: 1))]);
        var page = await browser.OpenAsync(stage.Settings, $"/traces/detail/{Spans.TraceId}?spanId={50_000:x16}");

        await Expect(page.Locator("tr[data-span='span 50000']")).ToBeInViewportAsync();
        (await page.Locator("tr[data-span]").CountAsync()).ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard_and_the_chosen_theme_stays()
    {
        await using var stage = await DashboardStage.StartAsync();
        var page = await browser.OpenAsync(stage.Settings, "/traces");
        // The first that Tab reaches from the top of the document.
        var skip = page.Locator("a, button, input, select").First;
        await Expect(skip).ToHaveTextAsync("Skip to content");
        await Expect(skip).Not.ToBeInViewportAsync();
        await skip.FocusAsync();
        await Expect(skip).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByLabel("Resource")).ToBeFocusedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Light or dark" }).PressAsync("Enter");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private static ApplicationResource Resource(string name, ResourcePhase phase, params ResourceCommand[] commands) =>
        new(name, name, "Project", phase.ToString(), phase, Health: null, Reason: null, ExitCode: null, StartTime: null, StopTime: null, ProcessId: null, WaitsFor: [], Urls: [], commands);

    private static void Log(DashboardStage stage, TelemetryResource resource, LogLevel level, string message) => stage.Store.AddLogs(resource, [], [new LogEntry
    {
        Resource = resource,
        Scope = "Scope",
        Time = Spans.Noon,
        Level = level,
        Message = message,
        TraceId = Spans.TraceId,
        SpanId = null,
        Attributes = [],
        Dropped = 0,
    }]);
}
