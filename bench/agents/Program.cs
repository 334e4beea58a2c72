using ProSaas.Bench;
using ProSaas.Bench.Agents;

string[] measurements = args is [] ? ["cost", "warmup", "replies", "first"] : args;
if (measurements.Except(["cost", "warmup", "replies", "first"], StringComparer.Ordinal).Any())
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/agents -c Release -- [cost] [warmup] [replies] [first]");
    return 64;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (measurements.Contains("cost"))
{
    AgentCost.Measure();
}

if (measurements is ["cost"])
{
    return 0;
}

using var published = await PublishedApi.CreateAsync(stop.Token);
await using var server = await PostgresServer.CreateAsync([], stop.Token);
await Releases.MakeRolesAsync(server, stop.Token);
foreach (var measurement in measurements)
{
    await (measurement switch
    {
        "warmup" => WarmupTime.MeasureAsync(published, server, stop.Token),
        "replies" => Replies.MeasureShareAsync(published, server, stop.Token),
        "first" => Replies.MeasureFirstAsync(published, server, stop.Token),
        _ => Task.CompletedTask,
    });
}

return 0;
