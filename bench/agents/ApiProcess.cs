using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ProSaas.Bench.Agents;

/// <summary>An API over a migrated database, as a process.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string Unlimited = "1000000";

    private readonly ServiceHandle _process;

    private ApiProcess(ServiceHandle process) => _process = process;

    public HttpClient Http => _process.Http;

    /// <summary>Starts it and returns when it serves requests and has done all of its warmup.</summary>
    public static async Task<ApiProcess> StartAsync(
        PublishedApi published,
        PostgresServer server,
        string database,
        IEnumerable<(string Name, string Value)> settings,
        CancellationToken cancellationToken)
    {
        var environment = server.ApiEnvironment(database, "Development");
        environment["Logging__LogLevel__Default"] = "Warning";
        environment["Budgets__RepliesPerCustomer"] = Unlimited;
        environment["Budgets__RepliesPerBusiness"] = Unlimited;
        environment["Budgets__RepliesPerAccount"] = Unlimited;
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var api = new ApiProcess(published.Start(environment));
        await Eventually.TrueAsync(
            () => api._process.HasExited
                ? throw new InvalidOperationException($"The API ended with {api._process.ExitCode}: {api._process}")
                : api.IsReadyAsync(cancellationToken),
            "the API has done its warmup");
        return api;
    }

    public async Task<JsonElement> StartupAsync(CancellationToken cancellationToken) =>
        await Http.GetFromJsonAsync<JsonElement>(new Uri("/api/startup", UriKind.Relative), cancellationToken);

    /// <summary>Logs in as the development seed's owner.</summary>
    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        using var body = new StringContent(
            """{"email":"owner@prosaas.test","password":"for development only"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(new Uri("/api/auth/token", UriKind.Relative), body, cancellationToken);
        response.EnsureSuccessStatusCode();
        var token = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("accessToken").GetString();
        Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    /// <summary>Asks and reads the whole answer; how long that took, in milliseconds.</summary>
    public async Task<double> TimePostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                // On a busy machine the API's check of the database can be late; it then refuses for a moment.
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
                continue;
            }

            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    /// <summary>Resident memory in MB, now and at its highest.</summary>
    public (double Now, double Highest) Memory()
    {
        var status = File.ReadAllLines($"/proc/{_process.Id}/status");
        return (Read("VmRSS:"), Read("VmHWM:"));

        double Read(string name) => long.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024.0;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/api/health", UriKind.Relative), cancellationToken);
            return response.StatusCode is HttpStatusCode.OK
                && (await StartupAsync(cancellationToken)).GetProperty("status").GetString() is "complete";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
