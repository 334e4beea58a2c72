using System.Diagnostics;
using System.Net.Http.Json;
using ProSaas.Bench.Agents;

namespace ProSaas.Bench.Speech;

/// <summary>What speech takes beside its provider's time, what the warmup saves, and what a hundred slow listeners cost.</summary>
internal static class Spoken
{
    public const string Database = "speech";

    private const string Path = "/api/businesses/1/speech";

    /// <summary>
    /// One request after the other: over a provider that takes 20 ms, from the cache, and another read of the same business, which
    /// asks the same of login and membership.
    /// </summary>
    public static async Task MeasureShareAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        await using var google = await GoogleServer.StartAsync(sampleBytes: 20_000);
        google.Always = GoogleServer.Takes(TimeSpan.FromMilliseconds(20));
        await using var api = await StartAsync(published, server, google, [], cancellationToken);
        for (var call = 0; call < 300; call++)
        {
            await SpeakAsync(api, $"Warm {call}.", cancellationToken);
        }

        for (var run = 1; run <= 3; run++)
        {
            List<double> own = [], hits = [], reads = [];
            for (var call = 0; call < 300; call++)
            {
                var text = $"Run {run}, sentence {call}.";
                own.Add(await SpeakAsync(api, text, cancellationToken) - google.Milliseconds[text]);
                hits.Add(await SpeakAsync(api, text, cancellationToken));
                var started = Stopwatch.GetTimestamp();
                (await api.Http.GetAsync(new Uri("/api/businesses/1", UriKind.Relative), cancellationToken)).Dispose();
                reads.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            Console.WriteLine(
                $"run {run}: own share above the provider p50 {own.Percentile(0.5):0.00} ms, p99 {own.Percentile(0.99):0.00} ms; cache hit p50 {hits.Percentile(0.5):0.00} ms, p99 {hits.Percentile(0.99):0.00} ms in the same turns GET /api/businesses/1 p50 {reads.Percentile(0.5):0.00} ms (300 each)");
        }
    }

    /// <summary>The first call over a provider whose first call on a connection takes 1.5 s more.</summary>
    public static async Task MeasureFirstAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        foreach (var disabled in (string[])["false", "true"])
        {
            await using var google = await GoogleServer.StartAsync(sampleBytes: 20_000);
            google.Always = GoogleServer.Takes(TimeSpan.FromMilliseconds(200), cold: TimeSpan.FromSeconds(1.5));
            await using var api = await StartAsync(published, server, google, [("DISABLE_TTS_WARMUP", disabled)], cancellationToken);
            var first = await SpeakAsync(api, "The first.", cancellationToken);
            List<double> later = [];
            for (var call = 0; call < 50; call++)
            {
                later.Add(await SpeakAsync(api, $"Later {call}.", cancellationToken));
            }

            var steady = later.Skip(10).Percentile(0.5);
            Console.WriteLine(
                $"DISABLE_TTS_WARMUP={disabled}: the first call {first:0} ms, steady p50 {steady:0} ms: {first / steady:0.00} times");
        }
    }

    /// <summary>100 clients that take 4 MB of WAV each, slowly.</summary>
    public static async Task MeasureMemoryAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        const int Clients = 100;
        await using var google = await GoogleServer.StartAsync(sampleBytes: 4_000_000);
        google.Always = GoogleServer.Takes(TimeSpan.FromMilliseconds(20));
        await using var api = await StartAsync(published, server, google, [("Speech__DailyCharacters", "1000000000")], cancellationToken);
        await SpeakAsync(api, "Before.", cancellationToken);
        var before = api.Memory().Now;
        using var begun = new CountdownEvent(Clients);
        var allBegun = new TaskCompletionSource();
        var sizes = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative))
            {
                Content = JsonContent.Create(new { text = $"Client {client}.", format = "wav" })
            };
            using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var chunk = new byte[64 * 1024];
            long size = await body.ReadAsync(chunk, cancellationToken);
            if (begun.Signal())
            {
                allBegun.SetResult();
            }

            await allBegun.Task.WaitAsync(cancellationToken);
            while (await body.ReadAsync(chunk, cancellationToken) is > 0 and var read)
            {
                size += read;
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
            }

            return size;
        }));
        var (now, highest) = api.Memory();
        Console.WriteLine(
            $"{Clients} streams of {sizes.Min() / 1e6:0.0} MB at once ({sizes.Sum() / 1e6:0} MB): resident {before:0} MB before, {highest:0} MB at its highest, {now:0} MB after");
    }

    private static async Task<ApiProcess> StartAsync(
        PublishedApi published,
        PostgresServer server,
        GoogleServer google,
        IEnumerable<(string Name, string Value)> settings,
        CancellationToken cancellationToken)
    {
        var api = await ApiProcess.StartAsync(published, server, Database, [.. google.Environment, .. settings], cancellationToken);
        while ((await api.StartupAsync(cancellationToken))
            .GetProperty("phases").EnumerateArray().Any(phase => phase.GetProperty("state").GetString() is "running"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        await api.LogInAsync(cancellationToken);

        // Whatever is not speech has been run once.
        (await api.Http.GetAsync(new Uri("/api/businesses/1", UriKind.Relative), cancellationToken)).Dispose();
        return api;
    }

    private static Task<double> SpeakAsync(ApiProcess api, string text, CancellationToken cancellationToken) =>
        api.TimePostAsync(Path, new { text, format = "wav" }, cancellationToken);
}
