#:project ../ProSaas.Data/ProSaas.Data.csproj
#:package Npgsql.EntityFrameworkCore.PostgreSQL
#:property PublishAot=false

// How long a question takes to be looked for in a business's FAQ of 8 and of 1,000 entries of 200 characters, one question at a time, in the unit
// of work that the API uses and as its role. Makes a database of its own on the server and drops it. The server is one that no application uses,
// since the API's role and its password belong to all of it:
//   dotnet run -c Release bench/faq-search.cs -- 'Host=...;Username=postgres;Password=...'
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProSaas.Data;
using ProSaas.Data.Businesses;
using ProSaas.Data.Faq;
using ProSaas.Data.Migrating;

const int Times = 500;
const string AppPassword = "app-password-of-the-bench";
(string What, string Text)[] questions =
[
    ("found as it is written", "Do you have word17 for word23 on Friday?"),
    ("found though misspelt", "do you have wrod17 for wordd23?"),
    ("not found", "who won the football championship nineteen years ago in Barcelona"),
];

var server = new NpgsqlConnectionStringBuilder(args[0]);
var database = $"bench_{Guid.NewGuid():N}";
await ExecuteAsync($"CREATE DATABASE {database} TEMPLATE template0");
try
{
    var owner = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, Pooling = false };
    await new DatabaseMigrator(
        new MigratorOptions { ConnectionString = owner.ConnectionString, AppPassword = AppPassword }, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance)
        .RunAsync(CancellationToken.None);
    var app = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = "prosaas_app", Password = AppPassword, Pooling = true };
    await using var services = new ServiceCollection()
        .AddLogging()
        .AddProSaasData()
        .AddDbContextPool<ProSaasDbContext>(options => options.UseNpgsql(app.ConnectionString).UseProSaasModel())
        .BuildServiceProvider();
    foreach (var entries in (int[])[8, 1000])
    {
        var business = await AddAsync(services, entries);
        foreach (var (what, text) in questions)
        {
            Print($"{entries,5:N0} entries, {what}", await MeasureAsync(services, business, text));
        }
    }

    NpgsqlConnection.ClearAllPools();
}
finally
{
    await ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");
}

async Task ExecuteAsync(string sql)
{
    await using var connection = new NpgsqlConnection(server.ConnectionString);
    await connection.OpenAsync();
    await using var command = new NpgsqlCommand(sql, connection);
    await command.ExecuteNonQueryAsync();
}

// Each entry has some twenty words of a vocabulary that grows with the entries, and two words of its own.
static async Task<long> AddAsync(ServiceProvider services, int entries)
{
    await using var scope = services.CreateAsyncScope();
    return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().AsSystemAsync("bench", async (context, ct) =>
    {
        var business = new Business { Name = "Business", BusinessType = "shop", Greeting = "Hello", SystemPrompt = "Be brief." };
        context.Add(business);
        await context.SaveChangesAsync(ct);
        for (var entry = 0; entry < entries; entry++)
        {
            var words = string.Join(' ', Enumerable.Range(0, 18).Select(n => $"filler{entry * (n + 7) % (4 * entries)}"));
            var question = entry is 3 ? "Do you have word17 for word23?" : $"Do you have own{entry} for other{entry}?";
            context.Add(new FaqEntry { BusinessId = business.Id, Question = question, Answer = words });
        }

        await context.SaveChangesAsync(ct);
        return business.Id;
    }, CancellationToken.None);
}

static async Task<List<double>> MeasureAsync(ServiceProvider services, long business, string question)
{
    List<double> milliseconds = [];
    for (var i = -Times / 5; i < Times; i++)
    {
        var started = Stopwatch.GetTimestamp();
        await using (var scope = services.CreateAsyncScope())
        {
            await FaqSearch.FindAsync(scope.ServiceProvider.GetRequiredService<UnitOfWork>(), business, question, CancellationToken.None);
        }

        if (i >= 0)
        {
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    return milliseconds;
}

static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));

static void Print(string what, List<double> values) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} p50 {Percentile(values, 0.5),7:0.00} ms   p99 {Percentile(values, 0.99),7:0.00} ms   n {values.Count}"));
