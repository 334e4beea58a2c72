using System.Net.Http.Json;
using System.Runtime.Versioning;

namespace ProSaas.Tests.Deploy;

/// <summary>What of the API and of n8n can be reached from outside.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NginxPathTests(NginxFixture fixture) : IClassFixture<NginxFixture>, IAsyncLifetime
{
    private static readonly Uri N8nHost = new($"http://n8n.{NginxProcess.Domain}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_described_path_is_passed_on_but_those_of_services_and_operators()
    {
        await using var api = await UpstreamServer.StartAsync("api", FreePorts.Next(), out var address);
        await using var nginx = await NginxProcess.StartAsync(address, fixture.N8nAddress);
        using var description = JsonDocument.Parse(Repository.Read("docs/openapi.json"));

        List<string> closed = [];
        foreach (var path in description.RootElement.GetProperty("paths").EnumerateObject())
        {
            using var answer = await nginx.Http.GetAsync(new Uri($"http://{NginxProcess.Domain}{path.Name}"), Ct);
            if (answer.StatusCode is not HttpStatusCode.OK)
            {
                closed.Add(path.Name);
            }
        }

        closed.ShouldBe(
            [
                "/livez", "/alive", "/healthz", "/readyz", "/version", "/api/startup", "/api/whatsapp/messages", "/api/whatsapp/sessions"
            ],
            ignoreOrder: true);
    }

    /// <summary>Each of them the API would answer otherwise, which the first assertion shows.</summary>
    [Theory]
    [InlineData("/livez")]
    [InlineData("/alive")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/version")]
    [InlineData("/api/startup")]
    public async Task Operational_endpoint_is_not_reached_in_any_spelling(string path)
    {
        using (var direct = await fixture.Api.Service.Http.GetAsync(new Uri(path, UriKind.Relative), Ct))
        {
            direct.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        foreach (var spelling in Spellings(path))
        {
            (await AskAsync("GET", spelling)).ShouldStartWith("HTTP/1.1 404 ", customMessage: spelling);
        }
    }

    [Theory]
    [InlineData("/api/whatsapp/messages")]
    [InlineData("/api/whatsapp/sessions")]
    public async Task Call_of_the_whatsapp_service_is_not_reached_in_any_spelling(string path)
    {
        using (var direct = await fixture.Api.Service.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { }, Ct))
        {
            direct.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        foreach (var spelling in Spellings(path))
        {
            (await AskAsync("POST", spelling)).ShouldStartWith("HTTP/1.1 404 ", customMessage: spelling);
        }
    }

    [Fact]
    public async Task Closed_path_is_the_problem_that_the_api_has_for_one_that_is_not_there()
    {
        using var closed = await fixture.Nginx.Http.GetAsync(new Uri($"http://{NginxProcess.Domain}/readyz"), Ct);
        using var missing = await fixture.Nginx.Http.GetAsync(new Uri($"http://{NginxProcess.Domain}/api/speech/none"), Ct);

        closed.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var told = await closed.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var known = await missing.Content.ReadFromJsonAsync<JsonElement>(Ct);
        foreach (var member in (string[])["type", "title", "detail", "status"])
        {
            told.GetProperty(member).ToString().ShouldBe(known.GetProperty(member).ToString());
        }
    }

    [Fact]
    public async Task Path_is_passed_on_as_it_was_compared_with_its_query()
    {
        await using var api = await UpstreamServer.StartAsync("api", FreePorts.Next(), out var address);
        await using var nginx = await NginxProcess.StartAsync(address, fixture.N8nAddress);

        foreach (var target in (string[])[
            "/api/health/#/../../readyz", "/api/health/%0a#/../../readyz", "/api/health/..%2f../readyz",
            "/api/health/%252e%252e/x?a=%2F&b=1"
        ])
        {
            await AskAsync("GET", target, nginx);
        }

        api.Arrived.Select(arrived => arrived.Path).ShouldBe(["/api/health/", "/api/health/%0A", "/api/health/%2e%2e/x"]);
        api.Arrived[^1].Query.ShouldBe("?a=%2F&b=1");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("false")]
    public async Task N8n_is_shut_unless_it_was_opened(string? setting)
    {
        await using var n8n = await UpstreamServer.StartAsync("n8n", FreePorts.Next(), out var address);
        await using var nginx = await NginxProcess.StartAsync(fixture.ApiAddress, address, n8nOpen: setting);

        foreach (var path in (string[])["/", "/setup", "/rest/owner/setup", "/webhook/x", "/healthz"])
        {
            using var answer = await nginx.Http.PostAsync(new Uri(N8nHost, path), new StringContent("{}"), Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("N8N_OPEN=true");
        }

        n8n.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public async Task Owner_of_n8n_is_not_made_from_outside_though_it_is_open()
    {
        foreach (var spelling in Spellings("/rest/owner/setup", N8nHost.Host))
        {
            (await AskAsync("POST", spelling, host: N8nHost.Host)).ShouldStartWith("HTTP/1.1 403 ", customMessage: spelling);
        }

        fixture.N8n.Arrived.ShouldNotContain(arrived => arrived.Path.Contains("setup", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Spellings(string path, string host = NginxProcess.Domain) =>
    [
        path, $"{path}/", $"{path}//", $"{path}?x=1", $"{path}#x", path.ToUpperInvariant(), $"/{path}", $"/.{path}", $"/x/..{path}",
        $"/x/%2e%2e{path}", $"/api/health/../..{path}", $"/api/health/%2e%2E/..{path}", $"/api/health/..%2f..{path}", $"/%2f{path}",
        path.Replace("/", "//", StringComparison.Ordinal), $"/{path[1..].Replace("/", "%2F", StringComparison.Ordinal)}",
        $"/%{(int)path[1]:x}{path[2..]}", $"{path[..^1]}%{(int)path[^1]:X}", $"http://{host}{path}",
    ];

    /// <summary>The first line of the answer to a request whose target no client has touched.</summary>
    private async Task<string> AskAsync(string method, string target, NginxProcess? nginx = null, string host = NginxProcess.Domain)
    {
        await using var stream = await (nginx ?? fixture.Nginx).ConnectAsync();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\nConnection: close\r\n\r\n{}"),
            Ct);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Ct) ?? "";
    }
}
