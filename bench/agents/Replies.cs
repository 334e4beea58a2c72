namespace ProSaas.Bench.Agents;

/// <summary>What the product adds to a provider's time, and what the first replies after the start take.</summary>
internal static class Replies
{
    private const string Database = "replies";
    private const int First = 100;

    /// <summary>
    /// 50 conversations at once over a provider that takes about a second, not always the same:
    /// they do not march in step.
    /// </summary>
    public static async Task MeasureShareAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        const int Conversations = 50;
        await server.SeedAsync(Database);
        await using var provider = await OpenAiServer.StartAsync(() => TimeSpan.FromSeconds(0.5 + Random.Shared.NextDouble()));
        await using var api = await ApiProcess.StartAsync(published, server, Database, provider.Environment, cancellationToken);
        await api.LogInAsync(cancellationToken);
        await TalkAsync(Conversations, messages: 20, "warm");
        for (var run = 1; run <= 3; run++)
        {
            var shares = await TalkAsync(Conversations, messages: 20, $"run{run}");
            Console.WriteLine(
                $"own share of a reply, {Conversations} conversations at once: p50 {shares.Percentile(0.5):0.0} ms, p99 {shares.Percentile(0.99):0.0} ms ({shares.Count} replies, run {run})");
        }

        async Task<List<double>> TalkAsync(int conversations, int messages, string name)
        {
            var shares = await Task.WhenAll(Enumerable.Range(0, conversations).Select(async conversation =>
            {
                // Customers do not begin at the same moment.
                await Task.Delay(TimeSpan.FromSeconds((double)conversation / conversations), TimeProvider.System, cancellationToken);
                List<double> own = [];
                for (var message = 0; message < messages; message++)
                {
                    var text = $"{name} {conversation} {message}: when do you open?";
                    own.Add(await AskAsync(api, $"{name}-{conversation}", text, cancellationToken) - provider.Milliseconds[text]);
                }

                return own;
            }));
            return [.. shares.SelectMany(own => own)];
        }
    }

    /// <summary>The first replies after the start, one at a time, against later ones; with the warmup and without it.</summary>
    public static async Task MeasureFirstAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        await server.SeedAsync(Database);
        foreach (var delay in (int[])[0, 100])
        {
            await using var provider = await OpenAiServer.StartAsync(() => TimeSpan.FromMilliseconds(delay));
            foreach (var warmup in (string[])["on", StartupHook.Off])
            {
                (string, string)[] settings =
                    [.. provider.Environment, (StartupHook.Variable, warmup), ("DOTNET_STARTUP_HOOKS", typeof(Replies).Assembly.Location)];
                await using var api = await ApiProcess.StartAsync(published, server, Database, settings, cancellationToken);
                await api.LogInAsync(cancellationToken);
                var name = $"{delay}-{warmup}";
                var first = await AskManyAsync(api, $"{name}-first", First, cancellationToken);
                await AskManyAsync(api, $"{name}-between", 300, cancellationToken);
                var steady = (await AskManyAsync(api, $"{name}-steady", 300, cancellationToken)).Percentile(0.5);
                Console.WriteLine(
                    $"provider that takes {delay} ms, warmup {warmup}: the first reply {first[0]:0.0} ms, the first {First} p50 {first.Percentile(0.5):0.0} ms, steady p50 {steady:0.0} ms: {first.Percentile(0.5) / steady:0.00} times, the first reply {first[0] / steady:0.0} times");
            }
        }
    }

    private static async Task<List<double>> AskManyAsync(ApiProcess api, string name, int count, CancellationToken cancellationToken)
    {
        List<double> milliseconds = [];
        for (var question = 0; question < count; question++)
        {
            // A conversation of a few messages each, as customers have.
            milliseconds.Add(await AskAsync(api, $"{name}-{question / 5}", $"{name} {question}: when do you open?", cancellationToken));
        }

        return milliseconds;
    }

    private static Task<double> AskAsync(ApiProcess api, string customer, string text, CancellationToken cancellationToken) =>
        api.TimePostAsync("/api/businesses/1/agents/whatsapp/messages", new { customer, text }, cancellationToken);
}
