using ProSaas.Bench.Agents;

string[] measurements = args is [] ? ["cost", "warmup", "replies", "first"] : args;
if (measurements.Except(["cost", "warmup", "replies", "first"], StringComparer.Ordinal).Any())
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/agents -c Release -- [cost] [warmup] [replies] [first]");
    return 64;
}

var cancellationToken = TestRun.EndWithCancelKey();

if (measurements.Contains("cost"))
{
    AgentCost.Measure();
}

if (measurements is ["cost"])
{
    return 0;
}

using var published = await PublishedApi.CreateAsync();
await using var server = await PostgresServer.CreateAsync();
await server.MakeRolesAsync();
foreach (var measurement in measurements)
{
    await (measurement switch
    {
        "warmup" => WarmupTime.MeasureAsync(published, server, cancellationToken),
        "replies" => Replies.MeasureShareAsync(published, server, cancellationToken),
        "first" => Replies.MeasureFirstAsync(published, server, cancellationToken),
        _ => Task.CompletedTask,
    });
}

return 0;
