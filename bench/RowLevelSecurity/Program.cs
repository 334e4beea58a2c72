using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProSaas.Bench.RowLevelSecurity;
using ProSaas.Data;

// What row-level security costs: the same unit of work with the same list query, as the API's role, which the policies hold,
// and as the tables' owner, whom they do not. Both by turns in one process, on one server and one table.
const int Businesses = 20_000;
const int EntriesEach = 10;
const int Rounds = 5;
const int QueriesARound = 3_000;

await using var server = await PostgresServer.CreateAsync();
var owner = new NpgsqlConnectionStringBuilder(server.Owner("prosaasdb")) { Pooling = true }.ConnectionString;
await Database.MigrateAsync(owner);
await FillAsync(owner);

await using var with = Services(Database.AsApp(owner));
await using var without = Services(owner);
Console.WriteLine(
    $"{Businesses:N0} businesses x {EntriesEach} entries; {Rounds} rounds of {QueriesARound:N0} queries each way; medians in microseconds");
Console.WriteLine(await PlanAsync(with));

#pragma warning disable CA5394 // Which business is asked for is no secret.
var random = new Random(20_000);
#pragma warning restore CA5394
_ = await RoundAsync(QueriesARound / 3);
var queries = new List<double>();
var units = new List<double>();
for (var round = 1; round <= Rounds; round++)
{
    var (on, off) = await RoundAsync(QueriesARound);
    queries.Add(Cost(on.Query, off.Query));
    units.Add(Cost(on.Unit, off.Unit));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"round {round}: query {on.Query:F0} with, {off.Query:F0} without, {queries[^1]:+0.0;-0.0} %; unit of work {on.Unit:F0} with, {off.Unit:F0} without, {units[^1]:+0.0;-0.0} %"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"median of the rounds: query {queries.Median():+0.0;-0.0} %, unit of work {units.Median():+0.0;-0.0} %"));
return;

async Task<(Sample With, Sample Without)> RoundAsync(int count)
{
    var (on, off) = (new List<Sample>(count), new List<Sample>(count));
    for (var index = 0; index < count; index++)
    {
#pragma warning disable CA5394 // As above.
        var business = random.NextInt64(1, Businesses + 1);
#pragma warning restore CA5394
        if (index % 2 == 0)
        {
            on.Add(await MeasureAsync(with, business));
            off.Add(await MeasureAsync(without, business));
        }
        else
        {
            off.Add(await MeasureAsync(without, business));
            on.Add(await MeasureAsync(with, business));
        }
    }

    return (MedianOf(on), MedianOf(off));
}

static async Task<Sample> MeasureAsync(ServiceProvider services, long business)
{
    await using var scope = services.CreateAsyncScope();
    var unit = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
    var start = Stopwatch.GetTimestamp();
    var query = await unit.ForBusinessAsync(business, async (context, token) =>
    {
        var before = Stopwatch.GetTimestamp();
        var entries = await context.FaqEntries.AsNoTracking()
            .Where(entry => entry.BusinessId == business)
            .OrderBy(entry => entry.Position).ThenBy(entry => entry.Id)
            .ToListAsync(token);
        return entries.Count == EntriesEach
            ? Stopwatch.GetElapsedTime(before)
            : throw new InvalidOperationException($"Business {business} has {entries.Count} entries.");
    }, CancellationToken.None);
    return new Sample(query.TotalMicroseconds, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
}

static async Task<string> PlanAsync(ServiceProvider services)
{
    await using var scope = services.CreateAsyncScope();
    var lines = await scope.ServiceProvider.GetRequiredService<UnitOfWork>().ForBusinessAsync(1, (context, token) => context.Database
        .SqlQuery<string>($"EXPLAIN (COSTS OFF) SELECT * FROM faq_entries WHERE business_id = 1 ORDER BY position, id")
        .ToListAsync(token), CancellationToken.None);
    return string.Join(Environment.NewLine, lines);
}

static async Task FillAsync(string connectionString)
{
    var patient = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString;
    await Database.ExecuteAsync(patient, $"""
        INSERT INTO businesses (id, name, business_type, greeting, system_prompt)
            SELECT id, 'Business ' || id, 'shop', 'Hello', 'Be brief.' FROM generate_series(1, {Businesses}) id;
        INSERT INTO faq_entries (business_id, question, answer, position)
            SELECT id, 'Question ' || entry, repeat('An answer of some length. ', 8), entry FROM generate_series(1, {EntriesEach}) entry, generate_series(1, {Businesses}) id;
        """);
    await Database.ExecuteAsync(patient, "VACUUM ANALYZE");
}

static ServiceProvider Services(string connectionString) => new ServiceCollection()
    .AddLogging()
    .AddProSaasData()
    .AddDbContextPool<ProSaasDbContext>(options =>
        options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure()).UseProSaasModel())
    .BuildServiceProvider();

static double Cost(double with, double without) => 100 * ((with / without) - 1);

static Sample MedianOf(List<Sample> samples) =>
    new(samples.Select(sample => sample.Query).Median(), samples.Select(sample => sample.Unit).Median());
