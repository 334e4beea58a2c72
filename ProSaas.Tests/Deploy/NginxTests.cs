using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace ProSaas.Tests.Deploy;

/// <summary>A real API and what stands for n8n behind a real nginx, for all tests of a class.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NginxFixture(PostgresFixture postgres) : IAsyncDisposable
{
    internal OpenAiServer Provider { get; private set; } = null!;

    internal TestApi Api { get; private set; } = null!;

    internal UpstreamServer N8n { get; private set; } = null!;

    internal NginxProcess Nginx { get; private set; } = null!;

    internal string N8nAddress { get; private set; } = null!;

    internal string ApiAddress => Api.Service.Http.BaseAddress!.ToString().TrimEnd('/');

    internal async Task StartAsync()
    {
        NginxProcess.Need();
        if (Nginx is not null)
        {
            return;
        }

        Provider = await OpenAiServer.StartAsync();
        Api = await TestApi.StartAsync(postgres, [.. Provider.Environment, ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")]);
        var port = FreePorts.Next();
        N8nAddress = $"http://127.0.0.1:{port}";
        N8n = await UpstreamServer.StartAsync("n8n", port);
        Nginx = await NginxProcess.StartAsync(ApiAddress, N8nAddress);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[Nginx, N8n, Api, Provider])
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}

/// <summary>The image's nginx, by its start script and templates, before the API and n8n.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NginxTests(PostgresFixture postgres, NginxFixture fixture) : IClassFixture<NginxFixture>, IAsyncLifetime
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly Uri ApiHost = new($"http://{NginxProcess.Domain}");
    private static readonly Uri N8nHost = new($"http://n8n.{NginxProcess.Domain}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => fixture.Nginx.Http;

    public async ValueTask InitializeAsync() => await fixture.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_host_leads_to_its_service()
    {
        using var health = await Http.GetAsync(new Uri(ApiHost, "/api/health"), Ct);
        (await health.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("service").GetString().ShouldBe("prosaas-api");
        (await Http.GetStringAsync(N8nHost, Ct)).ShouldBe("n8n");
    }

    [Theory]
    [InlineData("http://other.example")]
    [InlineData("http://x.example.com")]
    [InlineData("http://127.0.0.1")]
    public async Task Unknown_host_gets_no_answer_but_health(string host)
    {
        (await Should.ThrowAsync<HttpRequestException>(Http.GetAsync(new Uri(host), Ct))).HttpRequestError
            .ShouldBe(HttpRequestError.ResponseEnded);
        (await Http.GetStringAsync(new Uri($"{host}/health"), Ct)).ShouldBe("ok\n");
    }

    [Fact]
    public Task WebSocket_is_upgraded_and_stays_open() => EchoAsync(fixture.Nginx, "ws");

    [Fact]
    public async Task Upgrade_to_anything_else_is_not_passed_on()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(N8nHost, "/h2c"))
        {
            Headers = { { "Upgrade", "h2c" }, { "Connection", "Upgrade" } }
        };
        using var answer = await Http.SendAsync(request, Ct);

        fixture.N8n.Arrived.Single(arrived => arrived.Path == "/h2c").Headers.ShouldNotContainKey("Upgrade");
    }

    [Fact]
    public async Task Streamed_reply_arrives_while_the_model_still_speaks()
    {
        var release = new TaskCompletionSource();
        fixture.Provider.Next(OpenAiServer.Waits("Yes, behind", release.Task, "the shop."));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ApiHost, "/api/businesses/1/agents/whatsapp/messages"))
        {
            Headers = { { "Accept", "text/event-stream" }, { "Authorization", $"Bearer {await TokenAsync()}" } },
            Content = JsonContent.Create(new { customer = $"customer {Guid.NewGuid():N}", text = "Do you have parking?" }),
        };

        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
        (await ReadUntilAsync(lines, "behind")).ShouldNotContain("the shop.");
        release.SetResult();
        (await ReadUntilAsync(lines, "event: reply")).ShouldContain("shop.");
    }

    [Fact]
    public async Task Upload_of_64_MB_reaches_n8n_as_it_was_sent_and_a_larger_one_is_refused()
    {
        using (var taken = await Http.PostAsync(new Uri(N8nHost, "/webhook/whole"), new ByteArrayContent(new byte[64 * Mebibyte]), Ct))
        {
            taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        fixture.N8n.Arrived.Single(arrived => arrived.Path == "/webhook/whole").BodyLength.ShouldBe(64 * Mebibyte);
        using var refused = await SendLargeAsync(new Uri(N8nHost, "/webhook/larger"), (64 * Mebibyte) + 1);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        fixture.N8n.Arrived.ShouldNotContain(arrived => arrived.Path == "/webhook/larger");
    }

    [Theory]
    [InlineData((512 * 1024) + 1)]
    [InlineData(2 * Mebibyte)]
    public async Task Body_too_large_for_the_api_is_the_same_problem_whoever_refuses_it(int length)
    {
        using var refused = await SendLargeAsync(new Uri(ApiHost, "/api/auth/token"), length);

        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await refused.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString()
            .ShouldBe("urn:prosaas:problem:body-too-large");
    }

    [Fact]
    public async Task What_a_client_says_of_its_way_here_is_replaced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(N8nHost, "/forged"));
        foreach (var header in (string[])[
            "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded"
        ])
        {
            request.Headers.Add(header, "forged");
        }

        using var answer = await Http.SendAsync(request, Ct);

        var headers = fixture.N8n.Arrived.Single(arrived => arrived.Path == "/forged").Headers;
        headers.Values.ShouldNotContain("forged");
        headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
        headers["X-Real-IP"].ShouldBe("127.0.0.1");
        headers["X-Forwarded-Proto"].ShouldBe("http");
        headers["X-Forwarded-Host"].ShouldBe("n8n.example.com");
        headers["Host"].ShouldBe("n8n.example.com");
    }

    [Fact]
    public async Task Forged_address_gets_nobody_around_the_limit_of_attempts_and_each_client_has_its_own()
    {
        await using var api = await TestApi.StartAsync(
            postgres, ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), ("Login__AttemptsPerAddress", "3"));
        await using var nginx = await NginxProcess.StartAsync(api.Service.Http.BaseAddress!.ToString().TrimEnd('/'), fixture.N8nAddress);

        List<HttpStatusCode> attempts = [];
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            attempts.Add(await AttemptAsync(nginx.Http, $"203.0.113.{attempt}"));
        }

        attempts.ShouldBe(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has further loopback addresses.");
        using var neighbour = nginx.CreateClient("127.0.0.2");
        (await AttemptAsync(neighbour, "127.0.0.1")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Request_id_and_trace_context_are_passed_on_and_an_id_of_strange_characters_is_renewed()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var known = await SendWithIdAsync("/traced", "order-4711");
        using var strange = await SendWithIdAsync("/strange", "a\"b c<d>");

        known.Headers.GetValues("X-Request-Id").ShouldBe(["order-4711"]);
        var headers = fixture.N8n.Arrived.Single(arrived => arrived.Path == "/traced").Headers;
        (headers["X-Request-Id"], headers["traceparent"]).ShouldBe(("order-4711", Trace));
        strange.Headers.GetValues("X-Request-Id").Single().ShouldMatch("^[0-9a-f]{32}$");
        await fixture.Nginx.UntilConsoleSaysAsync("\"GET /traced\" 200 ");
        fixture.Nginx.Console.ShouldContain("request=order-4711");
        fixture.Nginx.Console.ShouldNotContain("secret");

        Task<HttpResponseMessage> SendWithIdAsync(string path, string id)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(N8nHost, $"{path}?token=secret"));
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
            request.Headers.Add("traceparent", Trace);
            return Http.SendAsync(request, Ct);
        }
    }

    [Fact]
    public async Task Answers_have_the_security_headers_once_and_do_not_tell_what_serves_them()
    {
        using var answer = await Http.GetAsync(N8nHost, Ct);

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["SAMEORIGIN"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["strict-origin-when-cross-origin"]);
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
        answer.Headers.Server.ToString().ShouldBe("nginx");
    }

    [Fact]
    public async Task Upstream_that_comes_later_and_then_moves_is_followed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has further loopback addresses.");
        await using var names = new DnsServer();
        var port = FreePorts.Next();
        await using var nginx = await NginxProcess.StartAsync($"http://prosaas-api:{port}", $"http://n8n:{port}", names.Address);

        using (var away = await nginx.Http.GetAsync(new Uri(ApiHost, "/api/health"), Ct))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
            away.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            (await away.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString()
                .ShouldBe("urn:prosaas:problem:unreachable");
        }

        using (var away = await nginx.Http.GetAsync(N8nHost, Ct))
        {
            (away.StatusCode, away.Headers.RetryAfter!.Delta, away.Content.Headers.ContentType!.MediaType).ShouldBe(
                (HttpStatusCode.BadGateway, TimeSpan.FromSeconds(5), "text/html"));
        }

        await using (await UpstreamServer.StartAsync("first", port))
        {
            names.Set("prosaas-api", "127.0.0.1");
            await UntilAnsweredByAsync(nginx, "first");
        }

        await using var second = await UpstreamServer.StartAsync("second", port, "127.0.0.2");
        names.Set("prosaas-api", "127.0.0.2");
        await UntilAnsweredByAsync(nginx, "second");
    }

    [Fact]
    public async Task Replica_that_is_not_ready_is_passed_over_and_no_message_is_sent_twice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has further loopback addresses.");
        await using var names = new DnsServer();
        names.Set("prosaas-api", "127.0.0.1", "127.0.0.2");
        var port = FreePorts.Next();
        await using var ready = await UpstreamServer.StartAsync("ready", port);
        await using var starting = await UpstreamServer.StartAsync("starting", port, "127.0.0.2");
        starting.Status = 503;
        await using var nginx = await NginxProcess.StartAsync($"http://prosaas-api:{port}", fixture.N8nAddress, names.Address);

        await Eventually.TrueAsync(
            async () =>
            {
                (await nginx.Http.GetStringAsync(new Uri(ApiHost, "/api/health"), Ct)).ShouldBe("ready");
                return starting.Arrived.Count > 1;
            },
            "both are asked");
        for (var message = 0; message < 20; message++)
        {
            using var answer = await nginx.Http.PostAsync(new Uri(ApiHost, $"/api/businesses/{message}"), new StringContent("once"), Ct);
        }

        string[] sent =
            [.. ready.Arrived.Concat(starting.Arrived).Where(arrived => arrived.Method == "POST").Select(arrived => arrived.Path)];
        sent.ShouldBeUnique();
        sent.Length.ShouldBe(20);
    }

    [Fact]
    public async Task With_tls_both_hosts_are_served_over_https_alone_and_a_renewed_certificate_is_shown_after_a_signal()
    {
        await using var nginx = await NginxProcess.StartAsync(fixture.ApiAddress, fixture.N8nAddress, tls: true);
        await File.WriteAllTextAsync(
            Path.Combine(nginx.AcmeFolder.CreateSubdirectory(".well-known/acme-challenge").FullName, "proof"), "ours", Ct);

        using (var redirect = await nginx.Http.GetAsync(new Uri(ApiHost, "/api/health?x=1"), Ct))
        {
            (redirect.StatusCode, redirect.Headers.Location).ShouldBe(
                (HttpStatusCode.MovedPermanently, new Uri("https://example.com/api/health?x=1")));
        }

        (await nginx.Http.GetStringAsync(new Uri(ApiHost, "/health"), Ct)).ShouldBe("ok\n");
        (await nginx.Http.GetStringAsync(new Uri(N8nHost, "/.well-known/acme-challenge/proof"), Ct)).ShouldBe("ours");

        using (var answer = await nginx.Http.SendAsync(new(HttpMethod.Get, "https://n8n.example.com/over-tls")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact
        }, Ct))
        {
            answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
            fixture.N8n.Arrived.Single(arrived => arrived.Path == "/over-tls").Headers["X-Forwarded-Proto"].ShouldBe("https");
        }

        using var health = await nginx.Http.GetAsync(new Uri("https://example.com/api/health"), Ct);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Should.ThrowAsync<HttpRequestException>(nginx.Http.GetAsync(new Uri("https://other.example/"), Ct))).InnerException
            .ShouldBeOfType<AuthenticationException>();
        using var hidden = new HttpRequestMessage(HttpMethod.Get, "https://example.com/") { Headers = { Host = "other.example" } };
        await Should.ThrowAsync<HttpRequestException>(nginx.Http.SendAsync(hidden, Ct));
        nginx.Console.ShouldNotContain("[warn]");

        await EchoAsync(nginx, "wss");
        var first = await nginx.ShownCertificateAsync();
        var renewed = nginx.RenewCertificate();
        renewed.ShouldNotBe(first);
        await Eventually.TrueAsync(async () => await nginx.ShownCertificateAsync() == renewed, "the renewed certificate is shown");
    }

    [Theory]
    [InlineData("DOMAIN", null, "DOMAIN is not set: set it to the domain of the site")]
    [InlineData("DOMAIN", "", "DOMAIN is not set: ")]
    [InlineData("DOMAIN", "https://example.com", "DOMAIN is 'https://example.com'. Allowed: a domain name without scheme, port or path")]
    [InlineData("DOMAIN", "example.com/", "DOMAIN is 'example.com/'. ")]
    [InlineData("DOMAIN", "example.com; return 200", "DOMAIN is 'example.com; return 200'. ")]
    [InlineData("DOMAIN", "localhost", "DOMAIN is 'localhost'. ")]
    [InlineData("DOMAIN", "192.0.2.1", "DOMAIN is '192.0.2.1'. ")]
    [InlineData("DOMAIN", "example..com", "DOMAIN is 'example..com'. ")]
    [InlineData("API_UPSTREAM", null, "API_UPSTREAM is ''. Allowed: http:// or https://, a host and perhaps a port")]
    [InlineData("API_UPSTREAM", "prosaas-api:8080", "API_UPSTREAM is 'prosaas-api:8080'. ")]
    [InlineData("N8N_UPSTREAM", "http://n8n:5678/x", "N8N_UPSTREAM is 'http://n8n:5678/x'. ")]
    [InlineData("TLS_FOLDER", "/nowhere", "/nowhere/fullchain.pem cannot be read: put it there, readable for user ")]
    [InlineData("N8N_OPEN", "yes", "N8N_OPEN is 'yes'. Allowed: true or false.")]
    [InlineData("RUN_FOLDER", "/proc/nginx", "/proc/nginx cannot be written: ")]
    public async Task Wrong_setting_ends_in_one_line_before_nginx_starts(string name, string? value, string line)
    {
        var (code, said) = await NginxProcess.RefuseAsync((name, value));

        code.ShouldBe(78, said);
        said.ShouldStartWith($"nginx: {line}");
        said.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    private static async Task EchoAsync(NginxProcess nginx, string scheme)
    {
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(nginx.CreateHandler());
        await socket.ConnectAsync(new Uri($"{scheme}://n8n.example.com/rest/push"), invoker, Ct);
        var buffer = new byte[64];
        foreach (var text in (string[])["one", "two"])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Ct);
            var received = await socket.ReceiveAsync(buffer.AsMemory(), Ct);
            Encoding.UTF8.GetString(buffer, 0, received.Count).ShouldBe(text);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
    }

    private static async Task<string> ReadUntilAsync(StreamReader lines, string text)
    {
        var read = new StringBuilder();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            read.AppendLine(
                await lines.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException($"It ended before '{text}':\n{read}"));
        }

        return read.ToString();
    }

    private static Task UntilAnsweredByAsync(NginxProcess nginx, string name) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await nginx.Http.GetAsync(new Uri(ApiHost, "/api/health"), Ct);
            return await answer.Content.ReadAsStringAsync(Ct) == name;
        },
        $"{name} answers",
        seconds: 30);

    /// <summary>Sends the body only when it is asked for it, so that the refusal is heard.</summary>
    private async Task<HttpResponseMessage> SendLargeAsync(Uri address, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(new byte[length]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;
        return await Http.SendAsync(request, Ct);
    }

    private static async Task<HttpStatusCode> AttemptAsync(HttpClient http, string forged)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ApiHost, "/api/auth/token"))
        {
            Content = JsonContent.Create(new { email = $"{forged}@example.com", password = "not the password" })
        };
        request.Headers.Add("X-Forwarded-For", forged);
        using var answer = await http.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private async Task<string> TokenAsync()
    {
        var account = await fixture.Api.Accounts.CreateAsync(memberships: [(1, "member")]);
        using var answer = await Http.PostAsJsonAsync(
            new Uri(ApiHost, "/api/auth/token"), new { email = account.Email, password = account.Password }, Ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("accessToken").GetString()!;
    }
}
