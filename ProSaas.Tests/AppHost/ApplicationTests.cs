using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProSaas.Tests.AppHost;

/// <summary>The start of the whole application, through nothing but Aspire's documented members.</summary>
[Collection(RunningApplication.Name)]
public sealed class ApplicationTests(RunningApplication running)
{
    [Fact]
    public void Start_is_in_order() => running.Start.Positions(
        "postgres Running", "postgres Healthy", "prosaasdb Running", "prosaasdb Healthy", "migrations Running", "migrations Finished",
        "prosaas-api Running", "prosaas-api Healthy").ShouldBeInOrder();

    [Theory]
    [InlineData("postgres", "Running", null)]
    [InlineData("prosaasdb", "Running", null)]
    [InlineData("migrations", "Finished", 0)]
    [InlineData("prosaas-api", "Running", null)]
    public async Task Resource_comes_to_the_state_that_the_dashboard_shows(string resource, string state, int? exitCode)
    {
        var reached = await running.Application.ResourceNotifications.WaitForResourceAsync(
            resource, change => change.Snapshot.State?.Text == state, TestContext.Current.CancellationToken);

        reached.Snapshot.ExitCode.ShouldBe(exitCode);
    }

    [Fact]
    public async Task WhatsApp_service_and_API_find_each_other()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Repository.Root, "services", "baileys", "node_modules")),
            "The modules of the WhatsApp service are not installed: run 'npm ci' in services/baileys, or ./test.sh");
        await running.Application.ResourceNotifications.WaitForResourceHealthyAsync("baileys", TestContext.Current.CancellationToken);
        using var http = running.Application.CreateHttpClient("prosaas-api");

        using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        JsonNode.Parse(text)!["dependencies"]!["baileys_service"]!.GetValue<string>().ShouldBe("healthy");
    }

    [Fact]
    public async Task Console_says_the_lines_that_operators_look_for_in_order()
    {
        await Eventually.TrueAsync(() => Position("prosaas-api", "✅ Warmed up 20 agents in ") >= 0, "the agents are warm");

        Position("migrations", "🔒 Migrations complete").ShouldBeGreaterThanOrEqualTo(0);
        var positions = new[]
        {
            "🔥 Agent warmup waiting for migrations to complete...",
            "🔒 Migrations complete - warmup can now proceed",
            "✅ Migrations complete - starting agent warmup",
            "🔥 WARMUP: Pre-creating agents for active businesses...",
            "📊 Found 10 businesses to warm up",
            "✅ Warmed up 20 agents in ",
        }.Select(text => Position("prosaas-api", text)).ToList();
        positions.ShouldNotContain(-1);
        positions.ShouldBe(positions.Order());
    }

    [Fact]
    public async Task Agents_are_made_anew_by_the_command()
    {
        var result = await running.ExecuteAsync("prosaas-api", "rewarm-agents");
        result.Success.ShouldBeTrue(result.Message);

        await Eventually.TrueAsync(() => Position("prosaas-api", "made anew") >= 0, "the API says so");
    }

    [Fact]
    public async Task API_that_is_restarted_is_healthy_again_and_the_migrations_are_left_alone()
    {
        var migrations = await NowAsync("migrations");
        var started = (await NowAsync("prosaas-api")).StartTimeStamp;

        (await running.ExecuteAsync("prosaas-api", KnownResourceCommands.RestartCommand)).Success.ShouldBeTrue();

        // The states of the end of the former process may still come.
        await running.Application.ResourceNotifications.WaitForResourceAsync(
            "prosaas-api",
            change => change.Snapshot is { HealthStatus: HealthStatus.Healthy, StartTimeStamp: { } start }
                && change.Snapshot.State?.Text == KnownResourceStates.Running && start != started,
            TestContext.Current.CancellationToken);
        (await NowAsync("migrations")).StopTimeStamp.ShouldBe(migrations.StopTimeStamp);
    }

    private int Position(string resource, string text) =>
        running.Console(resource).ToList().FindIndex(line => line.Contains(text, StringComparison.Ordinal));

    private async Task<CustomResourceSnapshot> NowAsync(string resource) =>
        (await running.Application.ResourceNotifications.WaitForResourceAsync(
            resource, _ => true, TestContext.Current.CancellationToken)).Snapshot;
}
