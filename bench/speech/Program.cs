using ProSaas.Bench.Speech;

string[] measurements = args is [] ? ["share", "first", "memory"] : args;
if (measurements.Except(["share", "first", "memory"], StringComparer.Ordinal).Any())
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/speech -c Release -- [share] [first] [memory]");
    return 64;
}

var cancellationToken = TestRun.EndWithCancelKey();

using var published = await PublishedApi.CreateAsync();
await using var server = await PostgresServer.CreateAsync();
await server.MakeRolesAsync();
await server.SeedAsync(Spoken.Database);
foreach (var measurement in measurements)
{
    await (measurement switch
    {
        "share" => Spoken.MeasureShareAsync(published, server, cancellationToken),
        "first" => Spoken.MeasureFirstAsync(published, server, cancellationToken),
        _ => Spoken.MeasureMemoryAsync(published, server, cancellationToken),
    });
}

return 0;
