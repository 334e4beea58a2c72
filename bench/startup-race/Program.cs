using System.Globalization;
using ProSaas.Bench.StartupRace;
using ProSaas.Data.Schema;
using ProSaas.Testing.Linked.Pending;

const string Usage = "Usage: dotnet run --project bench/startup-race -c Release -- [--runs N] [--seed S]";

var runs = 100;
var seed = Environment.ProcessId;
for (var index = 0; index < args.Length; index += 2)
{
    var value = 0;
    if (index + 1 >= args.Length || !int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out value)
        || args[index] is not ("--runs" or "--seed"))
    {
        await Console.Error.WriteLineAsync($"startup-race: '{args[index]}' is unknown or has no whole number after it. {Usage}");
        return 64;
    }

    (runs, seed) = args[index] is "--runs" ? (value, seed) : (runs, value);
}

var cancellationToken = TestRun.EndWithCancelKey();

Console.WriteLine($"{runs} starts in each arm, seed {seed}");
await using var server = await PostgresServer.CreateAsync("fsync=off");
await server.MakeRolesAsync();
PendingMigrations.AddToProcess();
var migrations = SchemaContract.Migrations.Count;
for (var applied = 1; applied < migrations; applied++)
{
    await server.ExecuteAsync("postgres", $"CREATE DATABASE release_{applied}");
    await OlderRelease.MigrateAsync(server.Owner($"release_{applied}"), applied, cancellationToken);
}

var verdicts = new Dictionary<bool, List<Verdict>> { [true] = [], [false] = [] };
for (var run = 0; run < runs; run++)
{
    foreach (var withGate in (bool[])[true, false])
    {
        await using var race = new Race(server, Schedule.Draw(seed, run, migrations), withGate);
        verdicts[withGate].Add(await race.RunAsync(cancellationToken));
    }

    Console.Error.Write(
        $"\r{run + 1} of {runs}: {verdicts[true].Count(verdict => verdict.HasPrematureRead)} with the gate, {verdicts[false].Count(verdict => verdict.HasPrematureRead)} without ");
}

Console.Error.WriteLine();
Console.WriteLine("Starts in which the API read a table or column that was not there, by PostgreSQL's log:");
Report("with the gate", verdicts[true]);
Report("without the gate", verdicts[false]);
return verdicts[true].Any(verdict => verdict.HasPrematureRead) ? 1 : 0;

void Report(string arm, List<Verdict> all) => Console.WriteLine(
    $"{arm}: {all.Count(verdict => verdict.HasPrematureRead)} of {runs} ({all.Sum(verdict => verdict.MissingTables)} statements 42P01, {all.Sum(verdict => verdict.MissingColumns)} 42703; "
    + $"failed warmups in {all.Count(verdict => verdict.FailedWarmups > 0)} starts, "
    + $"dead processes in {all.Count(verdict => verdict.DeadProcesses > 0)})");
