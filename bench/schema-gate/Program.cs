using System.Globalization;
using ProSaas.Bench.SchemaGate;

if (args is [BareApi.Command, .. var rest])
{
    await BareApi.RunAsync(rest);
    return 0;
}

var migrations = 300;
if (args is not [] && !(args is ["--migrations", var count]
    && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out migrations) && migrations > 0))
{
    await Console.Error.WriteLineAsync("Usage: dotnet run --project bench/schema-gate -c Release -- [--migrations N]");
    return 64;
}

var cancellationToken = TestRun.EndWithCancelKey();

await using var server = await PostgresServer.CreateAsync("track_commit_timestamp=on");
await server.MakeRolesAsync();
await RequestRate.MeasureAsync(server, cancellationToken);
await GateLatency.MeasureAsync(server, migrations, cancellationToken);
await StartCost.MeasureAsync(starts: 20, cancellationToken);
return 0;
