#:package Npgsql
#:property PublishAot=false

// What logging in costs, and what knowing the caller adds to a read. Run it beside a running application in development:
//   dotnet run bench/accounts.cs -- http://127.0.0.1:5080 'Host=...;Username=prosaas_app;Password=...;Database=prosaasdb'
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

// An address may try 30 times a minute; two more are made below.
const int Logins = 25;
const int Reads = 2000;
const string Credentials = """{"email":"owner@prosaas.test","password":"for development only"}""";

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(args[1]) { Options = "-c app.business_id=1" });

var login = await MeasureAsync(Logins, LogInAsync);
var token = await LogInAsync();
http.DefaultRequestHeaders.Authorization = new("Bearer", token);

// In turns, so that both meet the same noise of the machine.
List<double> bare = [];
List<double> floor = [];
List<double> read = [];
for (var round = 0; round < 20; round++)
{
    bare.AddRange(await MeasureAsync(Reads / 20, QueryAsync));
    floor.AddRange(await MeasureAsync(Reads / 20, () => GetAsync("/livez")));
    read.AddRange(await MeasureAsync(Reads / 20, () => GetAsync("/api/auth/me")));
}

Print("login, one at a time", login);
Print("bare query", bare);
Print("GET /livez, no account", floor);
Print("GET /api/auth/me", read);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"authenticated read above the bare query, p50: {Percentile(read, 0.5) - Percentile(bare, 0.5):0.00} ms"));

async Task<string> LogInAsync()
{
    using var body = new StringContent(Credentials, System.Text.Encoding.UTF8, "application/json");
    using var response = await http.PostAsync(new Uri("/api/auth/token", UriKind.Relative), body);
    response.EnsureSuccessStatusCode();
    return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
}

async Task<string> GetAsync(string path)
{
    using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
    response.EnsureSuccessStatusCode();
    return await response.Content.ReadAsStringAsync();
}

// One statement, by key, under row-level security, on a warm connection.
async Task<string> QueryAsync()
{
    await using var query = database.CreateCommand("SELECT name FROM businesses WHERE id = 1");
    return (string)(await query.ExecuteScalarAsync())!;
}

async Task<List<double>> MeasureAsync(int times, Func<Task<string>> act)
{
    await act();
    List<double> milliseconds = [];
    for (var i = 0; i < times; i++)
    {
        var started = Stopwatch.GetTimestamp();
        await act();
        milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    return milliseconds;
}

static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));

static void Print(string what, List<double> values) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-26} p50 {Percentile(values, 0.5),7:0.00} ms   p95 {Percentile(values, 0.95),7:0.00} ms   n {values.Count}"));
