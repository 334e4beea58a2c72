using System.Diagnostics;
using System.Net;

namespace ProSaas.Testing;

/// <summary>One of the product's services as a real process, with a client for it.</summary>
public sealed class ServiceHandle : ChildProcess
{
    private ServiceHandle(ProcessStartInfo start, int port)
        : base(start) =>
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };

    public HttpClient Http { get; }

    /// <summary>Starts <c>ProSaas.Api</c> on a port of 127.0.0.1, a free one where none is given.</summary>
    /// <param name="environment">Its settings.</param>
    /// <param name="port">The port.</param>
    /// <param name="folder">Where it was published to; null for the build beside the tests.</param>
    public static ServiceHandle StartApi(IReadOnlyDictionary<string, string?> environment, int? port = null, string? folder = null) =>
        Start("ProSaas.Api", environment, port, folder);

    /// <summary>Starts <c>ProSaas.MigrationWorker</c>.</summary>
    /// <param name="environment">Its settings.</param>
    /// <param name="prefix">A command and its arguments that runs it in its turn.</param>
    public static ServiceHandle StartMigrationWorker(
        IReadOnlyDictionary<string, string?> environment, params IReadOnlyList<string> prefix) =>
        Start("ProSaas.MigrationWorker", environment, prefix: prefix);

    /// <summary>Starts a script of <c>services/baileys</c>, whose modules <c>npm ci</c> has installed.</summary>
    public static ServiceHandle StartNode(
        string script, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, int? port = null)
    {
        var own = port ?? FreePorts.Next();
        string[] command = ["node", Path.Combine(Repository.Root, "services", "baileys", script), .. arguments];
        return new ServiceHandle(StartInfo(command, [.. environment, new("PORT", $"{own}")]), own);
    }

    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), TestRun.CancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task UntilStatusAsync(string path, HttpStatusCode status) =>
        Eventually.TrueAsync(async () => await StatusAsync(path) == status, $"{path} answers {(int)status}");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Http.Dispose();
    }

    private static ServiceHandle Start(
        string project,
        IReadOnlyDictionary<string, string?> environment,
        int? port = null,
        string? folder = null,
        IReadOnlyList<string>? prefix = null)
    {
        var own = port ?? FreePorts.Next();
        var all = new Dictionary<string, string?>(environment, StringComparer.Ordinal);
        all.TryAdd("ASPNETCORE_URLS", $"http://127.0.0.1:{own}");
        string[] command = [.. prefix ?? [], "dotnet", Path.Combine(folder ?? OutputOf(project), $"{project}.dll")];
        return new ServiceHandle(StartInfo(command, all), own);
    }

    /// <summary>
    /// The project's own output, of the configuration that runs: what is beside a test lacks packages
    /// that the test's framework has.
    /// </summary>
    private static string OutputOf(string project)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(output.Parent!.Parent!.FullName, project, output.Name);
    }
}
