using System.Net;
using System.Net.WebSockets;
using Google.Protobuf;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_of_the_printed_address_becomes_a_cookie_that_opens_the_pages()
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();

        using var login = await browser.GetAsync(stage.Settings.LoginUrl, Token);

        login.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        login.Headers.Location!.ToString().ShouldBe("/");
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith($".Aspire.Dashboard.{stage.Settings.Frontend.Port}=");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(stage.Settings.BrowserToken);
        using var page = await browser.GetAsync(new Uri("/", UriKind.Relative), Token);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    public async Task Browser_without_cookie_is_asked_to_log_in_and_comes_back_to_where_it_wanted()
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        using var refused = await browser.GetAsync(new Uri("/traces/detail/abc?x=1", UriKind.Relative), Token);
        refused.Headers.Location!.ToString().ShouldBe("/login?returnUrl=%2Ftraces%2Fdetail%2Fabc%3Fx%3D1");
        using var login = await browser.GetAsync(new Uri($"{refused.Headers.Location}&t={stage.Settings.BrowserToken}", UriKind.Relative), Token);
        login.Headers.Location!.ToString().ShouldBe("/traces/detail/abc?x=1");
    }

    [Theory]
    [InlineData("https://elsewhere.test/")]
    [InlineData("//elsewhere.test/")]
    [InlineData("/\\elsewhere.test/")]
    public async Task Login_leads_to_no_other_site(string url)
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();

        using var login = await browser.GetAsync(new Uri($"/login?t={stage.Settings.BrowserToken}&returnUrl={Uri.EscapeDataString(url)}", UriKind.Relative), Token);

        login.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Wrong_token_and_no_token_open_nothing()
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();

        (await StatusAsync(browser, "/login?t=wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(browser, "/login")).ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/", "/api/telemetry/traces", "/_blazor/negotiate", "/_framework/blazor.web.js"])
        {
            (await StatusAsync(browser, path)).ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task Key_opens_the_json_and_not_the_pages()
    {
        await using var stage = await DashboardStage.StartAsync();
        using var script = stage.CreateScript();
        using var other = stage.CreateBrowser();
        other.DefaultRequestHeaders.Add("x-api-key", "wrong");

        (await StatusAsync(script, "/api/telemetry/traces")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(script, "/")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(other, "/api/telemetry/traces")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Host", "elsewhere.test")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("Host", "127.0.0.1.elsewhere.test:{port}")]
    [InlineData("Origin", "http://elsewhere.test")]
    [InlineData("Origin", "http://127.0.0.1:5080")]
    [InlineData("Origin", "null")]
    public async Task Forged_host_or_origin_is_refused_even_with_the_cookie(string header, string value)
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();
        using var login = await browser.GetAsync(stage.Settings.LoginUrl, Token);
        value = value.Replace("{port}", $"{stage.Settings.Frontend.Port}", StringComparison.Ordinal);

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/"), (HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1"), (HttpMethod.Get, "/api/telemetry/logs"), (HttpMethod.Post, "/") })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await browser.SendAsync(request, Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData(null, true)]
    public async Task Circuit_that_commands_come_through_opens_for_the_own_pages_only(string? origin, bool isOpened)
    {
        await using var stage = await DashboardStage.StartAsync();
        using var browser = stage.CreateBrowser();
        using var login = await browser.GetAsync(stage.Settings.LoginUrl, Token);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        socket.Options.SetRequestHeader("Origin", origin ?? stage.Settings.Frontend.GetLeftPart(UriPartial.Authority));

        var opening = socket.ConnectAsync(new UriBuilder(stage.Settings.Frontend) { Scheme = "ws", Path = "/_blazor" }.Uri, Token);

        if (isOpened)
        {
            await opening;
            socket.State.ShouldBe(WebSocketState.Open);
        }
        else
        {
            (await Should.ThrowAsync<WebSocketException>(opening)).Message.ShouldContain("403");
        }
    }

    [Fact]
    public async Task Telemetry_is_taken_on_its_own_ports_only()
    {
        await using var stage = await DashboardStage.StartAsync();
        using var sender = stage.CreateSender();
        using var browser = stage.CreateBrowser();
        using var login = await browser.GetAsync(stage.Settings.LoginUrl, Token);

        (await StatusAsync(sender, "/")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(sender, "/login?t=the-browser-token")).ShouldBe(HttpStatusCode.NotFound);
        using var answer = await browser.PostAsync("/v1/traces", DashboardStage.Protobuf(Spans.Request("api", Spans.Wire(1)).ToByteArray()), Token);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        stage.Store.GetResources().ShouldBeEmpty();
    }

    [Fact]
    public async Task Anonymous_mode_asks_for_no_token_but_refuses_forgeries()
    {
        await using var stage = await DashboardStage.StartAsync(isOpen: true);
        using var browser = stage.CreateBrowser();
        using var sender = stage.CreateSender("any");

        (await StatusAsync(browser, "/")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(browser, "/api/telemetry/traces")).ShouldBe(HttpStatusCode.OK);
        using var taken = await sender.PostAsync("/v1/traces", DashboardStage.Protobuf([]), Token);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        browser.DefaultRequestHeaders.Add("Origin", "http://elsewhere.test");
        (await StatusAsync(browser, "/api/telemetry/traces")).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode;
    }
}
