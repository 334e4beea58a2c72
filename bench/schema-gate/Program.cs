using System.Globalization;
using ProSaas.Bench;
using ProSaas.Bench.SchemaGate;

if (args is [BareApi.Command, .. var rest])
{
    await BareApi.RunAsync(rest);
    return 0;
}

var migrations = 300;
if (args is not [] && !(args is ["--migrations", var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out migrations) && migrations > 0))
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/schema-gate -c Release -- [--migrations N]");
    return 64;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using var server = await PostgresServer.CreateAsync(["track_commit_timestamp=on"], stop.Token);
await Releases.MakeRolesAsync(server, stop.Token);
await RequestRate.MeasureAsync(server, stop.Token);
await GateLatency.MeasureAsync(server, migrations, stop.Token);
await StartCost.MeasureAsync(starts: 20, stop.Token);
return 0;
