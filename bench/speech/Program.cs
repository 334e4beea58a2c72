using ProSaas.Bench;
using ProSaas.Bench.Speech;

string[] measurements = args is [] ? ["share", "first", "memory"] : args;
if (measurements.Except(["share", "first", "memory"], StringComparer.Ordinal).Any())
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/speech -c Release -- [share] [first] [memory]");
    return 64;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var published = await PublishedApi.CreateAsync(stop.Token);
await using var server = await PostgresServer.CreateAsync([], stop.Token);
await Releases.MakeRolesAsync(server, stop.Token);
await Releases.SeedAsync(server, Spoken.Database, stop.Token);
foreach (var measurement in measurements)
{
    await (measurement switch
    {
        "share" => Spoken.MeasureShareAsync(published, server, stop.Token),
        "first" => Spoken.MeasureFirstAsync(published, server, stop.Token),
        _ => Spoken.MeasureMemoryAsync(published, server, stop.Token),
    });
}

return 0;
