using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using ProSaas.Tests.Architecture;

namespace ProSaas.Tests.Fixtures;

/// <summary>One of the product's services as a real process, with its console.</summary>
internal sealed class ServiceHandle : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServiceHandle(Process process, int port)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts <c>ProSaas.Api</c> on a port of 127.0.0.1, a free one where none is given.</summary>
    public static ServiceHandle StartApi(IReadOnlyDictionary<string, string?> environment, int? port = null) => Start("ProSaas.Api", environment, port);

    /// <summary>Starts <c>ProSaas.MigrationWorker</c>.</summary>
    public static ServiceHandle StartMigrationWorker(IReadOnlyDictionary<string, string?> environment) => Start("ProSaas.MigrationWorker", environment);

    /// <summary>Starts a script of <c>services/baileys</c>, whose modules <c>npm ci</c> has installed.</summary>
    public static ServiceHandle StartNode(string script, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, int? port = null)
    {
        var own = port ?? FreePorts.Next();
        return Start(
            "node",
            [Path.Combine(Repository.Root, "services", "baileys", script), .. arguments],
            new Dictionary<string, string?>(environment, StringComparer.Ordinal) { ["PORT"] = $"{own}" },
            own);
    }

    public bool HasExited => _process.HasExited;

    public void Signal(PosixSignal signal)
    {
        var number = signal is PosixSignal.SIGTERM ? 15 : 9;
        using var kill = Process.Start("kill", [$"-{number}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> WaitForExitAsync(double seconds = 120)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public Task UntilLineAsync(string text)
        => Eventually.TrueAsync(() => _lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"the console says '{text}'; it said:\n{string.Join('\n', _lines)}");

    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task UntilStatusAsync(string path, HttpStatusCode status)
        => Eventually.TrueAsync(async () => await StatusAsync(path) == status, $"{path} answers {(int)status}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        Http.Dispose();
    }

    private static ServiceHandle Start(string project, IReadOnlyDictionary<string, string?> environment, int? port = null)
    {
        var own = port ?? FreePorts.Next();
        var all = new Dictionary<string, string?>(environment, StringComparer.Ordinal);
        all.TryAdd("ASPNETCORE_URLS", $"http://127.0.0.1:{own}");
        return Start("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{project}.dll")], all, own);
    }

    private static ServiceHandle Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, int port)
    {
        // Not in its own folder: where it is started from must not matter to it.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ServiceHandle(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), port);
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
