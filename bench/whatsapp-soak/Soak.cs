using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ProSaas.Bench.WhatsAppSoak;

/// <summary>PostgreSQL, the API, the WhatsApp service and a WhatsApp with customers' phones, each a process; API and service are killed at random and started again.</summary>
internal sealed class Soak : IAsyncDisposable
{
    public const int Businesses = 20;

    private const string Database = "soak";
    private const string Secret = "the-secret-of-the-soak";

    private const string Fill = """
        UPDATE businesses SET is_active = true, whatsapp_enabled = true;
        INSERT INTO businesses (id, name, business_type, greeting, system_prompt, opening_hours, calls_enabled, whatsapp_enabled) OVERRIDING SYSTEM VALUE
        SELECT n, 'Business ' || n, b.business_type, b.greeting, b.system_prompt, b.opening_hours, true, true
        FROM businesses b, generate_series(1, 20) AS n WHERE b.id = 1 AND n NOT IN (SELECT id FROM businesses);
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly PostgresServer _server;
    private readonly PublishedApi _published;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("prosaas-bench-");
    private readonly int _apiPort = ChildProcess.FreePort();
    private readonly int _servicePort = ChildProcess.FreePort();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly int _messages;
    private readonly int _warmUp;
    private readonly int _rate;
    private ChildProcess? _whatsApp;
    private ChildProcess? _api;
    private ChildProcess? _service;

    private Soak(PostgresServer server, PublishedApi published, int messages, int warmUp, int rate)
        => (_server, _published, _messages, _warmUp, _rate) = (server, published, messages, warmUp, rate);

    public static async Task<Soak> StartAsync(int messages, int warmUp, int rate, CancellationToken cancellationToken)
    {
        var server = await PostgresServer.CreateAsync([], cancellationToken);
        await Releases.SeedAsync(server, Database, cancellationToken);
        await server.ExecuteAsync(Database, Fill, cancellationToken);
        return new Soak(server, await PublishedApi.CreateAsync(cancellationToken), messages, warmUp, rate);
    }

    /// <summary>Runs until the customers have their answers, or none has come for two minutes.</summary>
    /// <param name="random">When what is killed; null for no kills.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<(int ApiKills, int ServiceKills)> RunAsync(Random? random, CancellationToken cancellationToken)
    {
        _whatsApp = StartNode(
            "test/measure/soak.mjs",
            ["--data", _data.FullName, "--businesses", Text(Businesses), "--messages", Text(_messages), "--warm-up", Text(_warmUp), "--rate", Text(_rate)],
            []);
        await UntilAsync(() => Task.FromResult(_whatsApp.Said("ws://")), cancellationToken);
        _api = StartApi();
        await UntilAsync(() => AnswersAsync(_apiPort, "/api/health", cancellationToken), cancellationToken);
        _service = StartService();
        await UntilAsync(() => Task.FromResult(_whatsApp.Said("begun")), cancellationToken);

        var (apiKills, serviceKills) = (0, 0);
        var sending = Time.GetTimestamp();
        while (!_whatsApp.HasExited)
        {
            await Task.Delay(Pause, Time, cancellationToken);

            // Not in the end: what comes after the last kill shows that nothing was lost by any.
            if (random is not null && Time.GetElapsedTime(sending).TotalSeconds < (double)_messages / _rate)
            {
                await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 6)), Time, cancellationToken);
                if (random.Next(2) is 0)
                {
                    apiKills++;
                    await _api.DisposeAsync();
                    await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()), Time, cancellationToken);
                    _api = StartApi();
                }
                else
                {
                    serviceKills++;
                    await _service.DisposeAsync();
                    await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()), Time, cancellationToken);
                    _service = StartService();
                }
            }
        }

        return (apiKills, serviceKills);
    }

    /// <summary>What the customers have seen.</summary>
    public JsonElement Result()
    {
        var line = _whatsApp!.Lines.LastOrDefault(line => line.StartsWith('{'))
            ?? throw new InvalidOperationException($"The WhatsApp of the soak said: {string.Join('\n', _whatsApp.Lines)}");
        return JsonSerializer.Deserialize<JsonElement>(line);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ChildProcess?[])[_service, _api, _whatsApp])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _http.Dispose();
        _published.Dispose();
        await _server.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ChildProcess StartNode(string script, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
        => ChildProcess.Start(["node", Path.Combine(ChildProcess.Repository.FullName, "services", "baileys", script), .. arguments], environment);

    private ChildProcess StartApi() => _published.Start([
        .. _server.ApiEnvironment(Database, "Development", _apiPort),
        new("Logging__LogLevel__Default", "Warning"),
        new("BAILEYS_HTTP", $"http://127.0.0.1:{Text(_servicePort)}"),
        new("BAILEYS_SECRET", Secret)]);

    private ChildProcess StartService() => StartNode("src/server.mjs", [],
    [
        new("PORT", Text(_servicePort)),
        new("BAILEYS_SECRET", Secret),
        new("BAILEYS_DATA", _data.FullName),
        new("API_HTTP", $"http://127.0.0.1:{Text(_apiPort)}"),
        new("WHATSAPP_URL", _whatsApp!.Lines.First(line => line.StartsWith("ws://", StringComparison.Ordinal))),
        new("LOG_LEVEL", "warn"),
    ]);

    private async Task<bool> AnswersAsync(int port, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri($"http://127.0.0.1:{Text(port)}{path}"), cancellationToken);
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        while (!await condition())
        {
            if (Time.GetElapsedTime(started) > Deadline || _whatsApp!.HasExited)
            {
                throw new InvalidOperationException($"The soak did not begin. WhatsApp said: {string.Join('\n', _whatsApp!.Lines)}\nThe API: {string.Join('\n', _api?.Lines ?? [])}\nThe service: {string.Join('\n', _service?.Lines ?? [])}");
            }

            await Task.Delay(Pause, Time, cancellationToken);
        }
    }
}
