using System.Buffers.Binary;

namespace ProSaas.Tests.WhatsApp;

/// <summary>
/// What a business's people do with its connection to WhatsApp, on a real API and over a real HTTP
/// server in the service's place.
/// </summary>
public sealed class ConnectionTests : IClassFixture<ConnectionFixture>
{
    private const string Path = "/api/businesses/1/whatsapp";
    private const string QrText = "2@AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/,ref==,noise==,identity==,secret==";

    private static readonly (HttpMethod Method, string Path)[] All =
    [
        (HttpMethod.Get, Path), (HttpMethod.Get, $"{Path}/qr"), (HttpMethod.Post, $"{Path}/restart"), (HttpMethod.Delete, Path),
    ];

    private readonly ConnectionFixture _fixture;

    public ConnectionTests(ConnectionFixture fixture)
    {
        _fixture = fixture;
        fixture.Baileys.Forget();
    }

    [Fact]
    public async Task Member_sees_the_connection_with_its_number()
    {
        _fixture.Baileys.Sessions[1] = new(1, "degraded", "WhatsApp does not answer", "972501234567", Attempts: 3);

        var answer = await _fixture.Member.GetAsync(Path);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Headers.CacheControl?.ToString().ShouldBe("no-store");
        answer.Json.GetProperty("state").GetString().ShouldBe("degraded");
        answer.Json.GetProperty("since").GetDateTimeOffset().ShouldBe(BaileysSession.Began);
        answer.Json.GetProperty("reason").GetString().ShouldBe("WhatsApp does not answer");
        answer.Json.GetProperty("phone").GetString().ShouldBe("972501234567");
        answer.Json.GetProperty("attempts").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task QR_code_restart_and_log_out_are_in_the_audit()
    {
        await Database.ExecuteAsync(_fixture.Api.Database.Owner, "DELETE FROM audit_entries WHERE action LIKE 'whatsapp%'");
        _fixture.Baileys.Sessions[1] = new(1, "pairing", Qr: QrText);

        await _fixture.Owner.GetAsync($"{Path}/qr");
        await _fixture.Owner.GetAsync($"{Path}/qr");
        await _fixture.Owner.PostAsync($"{Path}/restart");
        await _fixture.Owner.PostAsync($"{Path}/restart");
        await _fixture.Owner.SendAsync(HttpMethod.Delete, Path);

        (await Database.ColumnAsync(
            _fixture.Api.Database.Owner,
            "SELECT action FROM audit_entries WHERE action LIKE 'whatsapp%' AND client_address = '127.0.0.1' ORDER BY id"))
            .ShouldBe(["whatsapp_qr.read", "whatsapp.restarted", "whatsapp.restarted", "whatsapp.logged_out"]);
    }

    [Fact]
    public async Task Connection_that_was_never_begun_is_off()
    {
        var answer = await _fixture.Member.GetAsync(Path);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json.GetProperty("state").GetString().ShouldBe("off");
        answer.Json.GetProperty("since").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Text_of_the_QR_code_is_never_in_the_JSON()
    {
        _fixture.Baileys.Sessions[1] = new(1, "pairing", Qr: QrText);

        var answer = await _fixture.Owner.GetAsync(Path);

        answer.Json.GetProperty("state").GetString().ShouldBe("pairing");
        answer.Text.ShouldNotContain(QrText[..10]);
        answer.Json.TryGetProperty("qr", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task QR_code_is_a_square_picture_that_no_cache_keeps()
    {
        _fixture.Baileys.Sessions[1] = new(1, "pairing", Qr: QrText);

        using var response = await GetQrAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("image/png");
        response.Headers.CacheControl?.ToString().ShouldBe("no-store");
        var png = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        png[..8].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        width.ShouldBe(height);
        width.ShouldBeInRange(200, 1_000);
    }

    [Fact]
    public async Task QR_code_is_read_by_another_tool_as_what_the_service_said()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zbarimg"), "zbarimg is not installed: on Debian, 'apt-get install zbar-tools'");
        _fixture.Baileys.Sessions[1] = new(1, "pairing", Qr: QrText);
        using var response = await GetQrAsync();
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync(
                TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            (await ShellCommand.RunAsync("/", "/usr/bin/zbarimg", "--quiet", "--raw", "--nodbus", file)).Output.TrimEnd('\n')
                .ShouldBe(QrText);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("off")]
    [InlineData("connecting")]
    [InlineData("connected")]
    [InlineData("degraded")]
    [InlineData("logged_out")]
    public async Task There_is_no_QR_code_in_another_state(string state)
    {
        if (state is not "off")
        {
            _fixture.Baileys.Sessions[1] = new(1, state);
        }

        var answer = await _fixture.Owner.GetAsync($"{Path}/qr");

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.Conflict, "no-qr-code"), answer.Text);
        answer.Json.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain($"it is {state}.");
    }

    [Fact]
    public async Task Owner_begins_the_connection_and_begins_it_anew()
    {
        var begun = await _fixture.Owner.PostAsync($"{Path}/restart");
        begun.Status.ShouldBe(HttpStatusCode.Accepted, begun.Text);
        begun.Json.GetProperty("state").GetString().ShouldBe("connecting");
        _fixture.Baileys.Calls.ShouldBe(["POST /sessions/1/restart", "POST /sessions/1"]);

        _fixture.Baileys.Sessions[1] = new(1, "degraded");
        (await _fixture.Owner.PostAsync($"{Path}/restart")).Json.GetProperty("state").GetString().ShouldBe("connecting");
        _fixture.Baileys.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Owner_logs_out_once_or_twice()
    {
        _fixture.Baileys.Sessions[1] = new(1, "connected");

        (await _fixture.Owner.SendAsync(HttpMethod.Delete, Path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _fixture.Owner.SendAsync(HttpMethod.Delete, Path)).Status.ShouldBe(HttpStatusCode.NoContent);

        _fixture.Baileys.Sessions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Member_who_is_no_owner_only_looks()
    {
        _fixture.Baileys.Sessions[1] = new(1, "pairing", Qr: QrText);

        foreach (var (method, path) in All.Skip(1))
        {
            (await _fixture.Member.SendAsync(method, path)).Status.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }

        _fixture.Baileys.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_begun_for_a_business_that_there_is_not()
    {
        foreach (var (method, path) in All)
        {
            var answer = await _fixture.Administrator.SendAsync(method, path.Replace("/1/", "/999999/", StringComparison.Ordinal));
            (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.NotFound, "not-found"), $"{method} {path}");
        }

        _fixture.Baileys.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(500, """{"detail":"of the service alone"}""")]
    [InlineData(503, "")]
    [InlineData(200, "<html>of the service alone</html>")]
    public async Task Service_that_answers_badly_cannot_be_asked(int status, string body)
    {
        _fixture.Baileys.Always = BaileysServer.Answers(status, body);

        var answer = await _fixture.Owner.GetAsync(Path);

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "whatsapp-unavailable"), answer.Text);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        answer.Text.ShouldNotContain("of the service alone");
    }

    [Fact]
    public async Task Service_that_is_gone_cannot_be_asked_until_it_is_back()
    {
        await _fixture.Baileys.DieAsync();
        foreach (var (method, path) in All)
        {
            var answer = await _fixture.Owner.SendAsync(method, path);
            (answer.Status, answer.Problem).ShouldBe(
                (HttpStatusCode.ServiceUnavailable, "whatsapp-unavailable"), $"{method} {path}: {answer.Text}");
        }

        await _fixture.Baileys.ReturnAsync();
        (await _fixture.Owner.GetAsync(Path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private Task<HttpResponseMessage> GetQrAsync() =>
        _fixture.Owner.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri($"{Path}/qr", UriKind.Relative)));
}

/// <summary>An API that runs without the WhatsApp service.</summary>
public sealed class NoConnectionTests(PostgresFixture postgres, ApiFixture fixture)
{
    [Fact]
    public async Task Setting_that_is_missing_is_named()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        var answer = await client.GetAsync("/api/businesses/1/whatsapp");

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "whatsapp-not-configured"), answer.Text);
        answer.Json.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("BAILEYS_HTTP");
    }
}
