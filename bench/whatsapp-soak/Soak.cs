using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ProSaas.Bench.WhatsAppSoak;

/// <summary>
/// PostgreSQL, the API, the WhatsApp service and a WhatsApp with customers' phones, each a process;
/// API and service are killed at random and started again.
/// </summary>
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
    private readonly int _apiPort = FreePorts.Next();
    private readonly int _servicePort = FreePorts.Next();
    private readonly int _messages;
    private readonly int _warmUp;
    private readonly int _rate;
    private ServiceHandle? _whatsApp;
    private ServiceHandle? _api;
    private ServiceHandle? _service;

    private Soak(PostgresServer server, PublishedApi published, int messages, int warmUp, int rate) =>
        (_server, _published, _messages, _warmUp, _rate) = (server, published, messages, warmUp, rate);

    public static async Task<Soak> StartAsync(int messages, int warmUp, int rate, CancellationToken cancellationToken)
    {
        var server = await PostgresServer.CreateAsync();
        await server.SeedAsync(Database);
        await server.ExecuteAsync(Database, Fill);
        return new Soak(server, await PublishedApi.CreateAsync(), messages, warmUp, rate);
    }

    /// <summary>Runs until the customers have their answers, or none has come for two minutes.</summary>
    /// <param name="random">When what is killed; null for no kills.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<(int ApiKills, int ServiceKills)> RunAsync(Random? random, CancellationToken cancellationToken)
    {
        _whatsApp = ServiceHandle.StartNode(
            "test/measure/soak.mjs",
            ["--data", _data.FullName, "--businesses", Text(
                Businesses), "--messages", Text(_messages), "--warm-up", Text(_warmUp), "--rate", Text(_rate)],
            new Dictionary<string, string?>(StringComparer.Ordinal));
        await UntilAsync(() => Task.FromResult(_whatsApp.Said("ws://")), cancellationToken);
        _api = StartApi();
        await UntilAsync(async () => await _api.StatusAsync("/api/health") is HttpStatusCode.OK, cancellationToken);
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
            ?? throw new InvalidOperationException($"The WhatsApp of the soak said: {_whatsApp}");
        return JsonSerializer.Deserialize<JsonElement>(line);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServiceHandle?[])[_service, _api, _whatsApp])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _published.Dispose();
        await _server.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ServiceHandle StartApi()
    {
        var environment = _server.ApiEnvironment(Database, "Development");
        environment["Logging__LogLevel__Default"] = "Warning";
        environment["Budgets__RepliesPerCustomer"] = Text(1_000_000);
        environment["Budgets__RepliesPerBusiness"] = Text(1_000_000);
        environment["BAILEYS_HTTP"] = $"http://127.0.0.1:{Text(_servicePort)}";
        environment["BAILEYS_SECRET"] = Secret;
        return _published.Start(environment, _apiPort);
    }

    private ServiceHandle StartService() => ServiceHandle.StartNode(
        "src/server.mjs",
        [],
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["BAILEYS_SECRET"] = Secret,
            ["BAILEYS_DATA"] = _data.FullName,
            ["API_HTTP"] = $"http://127.0.0.1:{Text(_apiPort)}",
            ["WHATSAPP_URL"] = _whatsApp!.Lines.First(line => line.StartsWith("ws://", StringComparison.Ordinal)),
            ["LOG_LEVEL"] = "warn",
        },
        _servicePort);

    private async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        while (!await condition())
        {
            if (Time.GetElapsedTime(started) > Deadline || _whatsApp!.HasExited)
            {
                throw new InvalidOperationException(
                    $"The soak did not begin. WhatsApp said: {_whatsApp}\nThe API: {_api}\nThe service: {_service}");
            }

            await Task.Delay(Pause, Time, cancellationToken);
        }
    }
}
