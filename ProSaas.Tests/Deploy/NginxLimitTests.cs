using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.Versioning;

namespace ProSaas.Tests.Deploy;

/// <summary>One client takes nothing from the others, however much it sends and however slowly.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class NginxLimitTests(NginxFixture fixture) : IClassFixture<NginxFixture>, IAsyncLifetime
{
    private const int AtOnce = 64;
    private const int Burst = 300;

    private static readonly Uri Health = new($"http://{NginxProcess.Domain}/api/health");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("example.com", "/api/auth/token", 100)]
    [InlineData("n8n.example.com", "/webhook/slow", 100)]
    [InlineData("example.com", "/api/auth/token", 1000)]
    public async Task Slow_uploads_leave_other_clients_served_and_are_kept_nowhere(string host, string path, int count)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has further loopback addresses.");
        await using var nginx = await NginxProcess.StartAsync(fixture.ApiAddress, fixture.N8nAddress);
        await using var flood = await Flood.StartAsync(
            nginx,
            count,
            $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{{");

        using var neighbour = nginx.CreateClient("127.0.0.2");
        var started = Stopwatch.GetTimestamp();
        using var answer = await neighbour.GetAsync(Health, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => flood.Ended >= count - AtOnce, "those above the limit are refused", seconds: 30);
        nginx.RunFolder.GetDirectories("client-body").SelectMany(folder => folder.GetFiles()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unfinished_headers_leave_other_clients_served()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has further loopback addresses.");
        await using var nginx = await NginxProcess.StartAsync(fixture.ApiAddress, fixture.N8nAddress);
        await using var flood = await Flood.StartAsync(nginx, 1000, "GET /api/health HTTP/1.1\r\nHost: exam");

        using var neighbour = nginx.CreateClient("127.0.0.2");
        var started = Stopwatch.GetTimestamp();
        using var answer = await neighbour.GetAsync(Health, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Client_that_asks_too_often_is_told_until_when_and_another_one_is_not()
    {
        await using var nginx = await StartBehindAddressesAsync();
        using var refused = await UntilRefusedAsync(nginx, "192.0.2.1");

        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Ct);
        problem.GetProperty("type").GetString().ShouldBe("urn:prosaas:problem:too-many-requests");
        problem.GetProperty("status").GetInt32().ShouldBe(429);
        (await StatusAsync(nginx, "192.0.2.2")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:2:3:4", true)]
    [InlineData("2001:db8::1", "2001:db8:0:0:1:0:0:1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("2001:db8:a0a:a0a::1", "2001:db8:a0a:a0a:a0a:a0a:a0a:a0a", true)]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.8", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    public async Task One_64_of_ipv6_is_one_client_and_a_mapped_address_is_its_own(string first, string second, bool isOneClient)
    {
        await using var nginx = await StartBehindAddressesAsync();
        List<ClientWebSocket> open = [];
        try
        {
            using var invoker = new HttpMessageInvoker(nginx.CreateHandler());
            while (open.Count < AtOnce)
            {
                open.Add(new());
                open[^1].Options.SetRequestHeader("X-Client", first);
                await open[^1].ConnectAsync(new Uri($"ws://n8n.{NginxProcess.Domain}/rest/push"), invoker, Ct);
            }

            (await StatusAsync(nginx, first)).ShouldBe(HttpStatusCode.TooManyRequests);
            (await StatusAsync(nginx, second)).ShouldBe(isOneClient ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Refusal_of_the_api_keeps_its_own_time()
    {
        await using var api = await UpstreamServer.StartAsync("api", FreePorts.Next(), out var address);
        api.Status = 429;
        api.RetryAfter = "77";
        await using var nginx = await NginxProcess.StartAsync(address, fixture.N8nAddress);

        using var answer = await nginx.Http.GetAsync(Health, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.GetValues("Retry-After").ShouldBe(["77"]);
    }

    [Fact]
    public async Task Body_limit_is_the_apis_and_named()
    {
        using var whole = await PostAsync(fixture.Nginx.Http, 512 * 1024);
        using var larger = await PostAsync(fixture.Nginx.Http, (512 * 1024) + 1);
        using var direct = await PostAsync(fixture.Api.Service.Http, (512 * 1024) + 1);

        whole.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (larger.StatusCode, direct.StatusCode).ShouldBe((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge));
        (await larger.Content.ReadAsStringAsync(Ct)).ShouldContain("512 KiB");
    }

    [Fact]
    public void Buffers_of_all_connections_fit_into_the_memory_of_the_container()
    {
        var connections = Number("worker_processes") * Number("worker_connections");
        var headers = Number("large_client_header_buffers");
        var exchange = (headers * 8) + Number("client_body_buffer_size") + 8;
        const int Tls = 32;

        var memory = int.Parse(Memory().Match(Repository.Read("docker-compose.prod.yml")).Groups["mebibytes"].Value, null) * 1024;
        // An exchange has a connection to the client and one to the service; else there are clients that have sent headers at most.
        Math.Max(connections / 2 * (exchange + Tls), connections * ((headers * 8) + Tls)).ShouldBeLessThan(memory);
        Number("http2_body_preread_size").ShouldBeLessThanOrEqualTo(Number("client_body_buffer_size"));
        Template.ShouldContain("    large_client_header_buffers 2 8k;");
    }

    private static string Template => Repository.Read("deploy/nginx/templates/nginx.conf");

    /// <summary>nginx as if clients came from the addresses that a header names.</summary>
    private Task<NginxProcess> StartBehindAddressesAsync() => NginxProcess.StartAsync(
        fixture.ApiAddress, fixture.N8nAddress, more: "set_real_ip_from 127.0.0.1; real_ip_header X-Client;");

    private static async Task<HttpResponseMessage> UntilRefusedAsync(NginxProcess nginx, string client)
    {
        // 50 a second are forgotten meanwhile.
        for (var request = 0; request < Burst * 100; request++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce / 2).Select(_ => SendAsync(nginx, client)));
            var refused = answers.FirstOrDefault(answer => answer.StatusCode is HttpStatusCode.TooManyRequests);
            foreach (var answer in answers.Where(answer => answer != refused))
            {
                answer.Dispose();
            }

            if (refused is not null)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("It was never refused.");
    }

    private static async Task<HttpStatusCode> StatusAsync(NginxProcess nginx, string client)
    {
        using var answer = await SendAsync(nginx, client);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(NginxProcess nginx, string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Health) { Headers = { { "X-Client", client } } };
        return await nginx.Http.SendAsync(request, Ct);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http.BaseAddress ?? Health, "/api/auth/token"))
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string(' ', length)))
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request, Ct);
    }

    private static int Number(string directive) => int.Parse(
        Regex.Match(Template, $@"^\s*{directive} (\d+)", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value, null);

    [GeneratedRegex(@"^  nginx:\n(    .*\n|\n)*?    mem_limit: ""(?<mebibytes>\d+)m""",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Memory();

    /// <summary>Connections of one address that began to send and go no further.</summary>
    private sealed class Flood : IAsyncDisposable
    {
        private readonly List<NetworkStream> _streams = [];
        private int _ended;

        public int Ended => Volatile.Read(ref _ended);

        public static async Task<Flood> StartAsync(NginxProcess nginx, int count, string beginning)
        {
            var flood = new Flood();
            for (var connection = 0; connection < count; connection++)
            {
                var stream = await nginx.ConnectAsync();
                await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), Ct);
                flood._streams.Add(stream);
                _ = flood.WatchAsync(stream);
            }

            return flood;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var stream in _streams)
            {
                await stream.DisposeAsync();
            }
        }

        private async Task WatchAsync(NetworkStream stream)
        {
            try
            {
                _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, Ct);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // It was closed.
            }

            Interlocked.Increment(ref _ended);
        }
    }
}
