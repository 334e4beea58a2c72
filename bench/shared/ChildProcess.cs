using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ProSaas.Bench;

/// <summary>A process of the bench with its console; gone when disposed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has used of the processors until now.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The checkout that the bench was built in.</summary>
    public static DirectoryInfo Repository => Own.Parent!.Parent!.Parent!.Parent!;

    private static DirectoryInfo Own => new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Starts a program from the folder it was built into, beside the bench's own.</summary>
    public static ChildProcess StartDotnet(string project, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        StartDotnet(new DirectoryInfo(Path.Combine(Own.Parent!.Parent!.FullName, project, Own.Name)), project, arguments, environment);

    /// <summary>Starts a program from a folder.</summary>
    public static ChildProcess StartDotnet(DirectoryInfo folder, string project, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        Start(["dotnet", Path.Combine(folder.FullName, $"{project}.dll"), .. arguments], environment);

    public static ChildProcess Start(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(start);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public bool Said(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
