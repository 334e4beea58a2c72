using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.Control;

namespace ProSaas.Tests.AppHost.StandIns.Control;

/// <summary>Whoever may read the access file can ask for the resources and run their commands, and nobody else can.</summary>
public sealed class ControlServerTests : IAsyncLifetime
{
    private readonly ControlledStage _stage = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _stage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Resources_are_listed_with_state_address_and_commands()
    {
        using var client = _stage.CreateClient();
        var resources = (await client.GetFromJsonAsync<JsonArray>("/api/resources", Cancellation))!;

        var server = resources.Single(resource => (string)resource!["name"]! == "server")!;
        ((string)server["state"]!).ShouldBe("Running");
        ((string)server["health"]!).ShouldBe("Healthy");
        ((string)server["urls"]![0]!["url"]!).ShouldMatch("^http://127\\.0\\.0\\.1:[0-9]+/docs$");
        ((string)server["urls"]![0]!["text"]!).ShouldBe("Documents");

        var commands = resources.Single(resource => (string)resource!["name"]! == "database")!["commands"]!.AsArray();
        commands.Select(command => (string)command!["name"]!).ShouldBe(["reset", "break", "later", "resource-start", "resource-stop", "resource-restart"]);
        commands.Where(command => (bool)command!["isEnabled"]!).Select(command => (string)command!["name"]!).ShouldBe(["reset", "break", "resource-stop", "resource-restart"]);
        commands[0]!["confirmationMessage"]!.GetValue<string>().ShouldBe("Everything is lost. Reset it?");
    }

    [Fact]
    public async Task Terminal_gets_a_table()
    {
        using var client = _stage.CreateClient();
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        var lines = (await client.GetStringAsync("/api/resources", Cancellation)).Split('\n');

        lines[0].ShouldMatch("^RESOURCE +STATE +HEALTH +PROCESS +ADDRESS +COMMANDS$");
        lines[1].ShouldMatch("^server +Running +Healthy +- +http://127\\.0\\.0\\.1:[0-9]+/docs +resource-stop, resource-restart$");
        lines[2].ShouldMatch("^database +Running +Healthy +- +- +reset, break, resource-stop, resource-restart$");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Basic 0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Request_without_the_token_is_refused(string? authorization)
    {
        using var client = _stage.CreateClient();
        client.DefaultRequestHeaders.Authorization = null;
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        (await StatusAsync(client.GetAsync("/api/resources", Cancellation))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client.PostAsync("/api/resources/database/commands/reset?confirmed=true", content: null, Cancellation))).ShouldBe(HttpStatusCode.Unauthorized);
        _stage.Resets.ShouldBe(0);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("127.0.0.1")]
    public async Task Request_for_another_host_is_refused_whatever_its_token(string host)
    {
        using var client = _stage.CreateClient();
        client.DefaultRequestHeaders.Host = host;
        (await StatusAsync(client.GetAsync("/api/resources", Cancellation))).ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task Command_that_loses_data_is_run_only_with_its_confirmation()
    {
        using var client = _stage.CreateClient();

        (await ProblemAsync(client, "database/commands/reset", HttpStatusCode.PreconditionRequired)).ShouldBe(("urn:problem:confirmation-required", "Everything is lost. Reset it?"));
        (await ProblemAsync(client, "database/commands/reset?confirmed=false", HttpStatusCode.PreconditionRequired)).Type.ShouldBe("urn:problem:confirmation-required");
        _stage.Resets.ShouldBe(0);

        (await StatusAsync(client.PostAsync("/api/resources/database/commands/reset?confirmed=true", content: null, Cancellation))).ShouldBe(HttpStatusCode.OK);
        _stage.Resets.ShouldBe(1);
    }

    [Theory]
    [InlineData("database/commands/break", HttpStatusCode.InternalServerError, "urn:problem:command-failed", "database: break failed: the disk is full")]
    [InlineData("database/commands/later", HttpStatusCode.Conflict, "urn:problem:command-disabled", "database is Running: later cannot be run now.")]
    [InlineData("server/commands/resource-start", HttpStatusCode.Conflict, "urn:problem:command-disabled", "server is Running: resource-start cannot be run now.")]
    [InlineData("database/commands/secret", HttpStatusCode.NotFound, "urn:problem:command-unknown",
        "database has no command 'secret', but reset, break, later, resource-start, resource-stop, resource-restart.")]
    [InlineData("nobody/commands/reset", HttpStatusCode.NotFound, "urn:problem:command-unknown", "There is no resource 'nobody', but server, database.")]
    public async Task Command_that_is_not_done_says_why(string path, HttpStatusCode status, string type, string detail)
    {
        using var client = _stage.CreateClient();
        (await ProblemAsync(client, path, status)).ShouldBe((type, detail));
        _stage.Resets.ShouldBe(0);
    }

    [Fact]
    public async Task Resource_is_stopped_and_started_by_its_own_commands()
    {
        using var client = _stage.CreateClient();
        foreach (var (command, state) in new[] { ("resource-stop", "Exited"), ("resource-start", "Running") })
        {
            (await StatusAsync(client.PostAsync($"/api/resources/server/commands/{command}", content: null, Cancellation))).ShouldBe(HttpStatusCode.OK);
            await Fixtures.Eventually.TrueAsync(
                async () => (string)(await client.GetFromJsonAsync<JsonArray>("/api/resources", Cancellation))![0]!["state"]! == state, $"the server is {state}");
        }
    }

    [Fact]
    public void Access_file_is_its_users_alone()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_stage.AccessPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(Path.GetDirectoryName(_stage.AccessPath)!).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Access_file_goes_when_the_application_does()
    {
        await _stage.StopAsync();
        File.Exists(_stage.AccessPath).ShouldBeFalse();
    }

    [Fact]
    public async Task Access_file_that_is_another_runs_by_now_stays()
    {
        var other = new AccessFile(new AppHostIdentity(_stage.Access("directory"), "ProSaas.AppHost", []), Path.GetDirectoryName(_stage.AccessPath)!);
        other.Path.ShouldBe(_stage.AccessPath);
        other.Write("127.0.0.1:1");

        await _stage.StopAsync();

        _stage.Access("address").ShouldBe("127.0.0.1:1");
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        return response.StatusCode;
    }

    private static async Task<(string? Type, string? Detail)> ProblemAsync(HttpClient client, string path, HttpStatusCode status)
    {
        using var response = await client.PostAsync($"/api/resources/{path}", content: null, Cancellation);
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        return ((string?)problem["type"], (string?)problem["detail"]);
    }
}
