using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProSaas.Testing;

/// <summary>A process with its console; gone when disposed.</summary>
public class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();

    protected ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        _process.OutputDataReceived += (_, line) => Add(line.Data, isError: false);
        _process.ErrorDataReceived += (_, line) => Add(line.Data, isError: true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote, but for empty lines.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>What of that it wrote to standard error.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it has used of the processors until now.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    public static ChildProcess Start(
        IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? user = null) =>
        new(StartInfo(command, environment, user));

    public bool Said(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public async Task UntilLineAsync(string text, double seconds = 60)
    {
        try
        {
            await Eventually.TrueAsync(() => Said(text), $"the console says '{text}'", seconds);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it said:\n{this}", late);
        }
    }

    public void Signal(PosixSignal signal)
    {
        using var kill = Process.Start("kill", [$"-{signal.ToString()["SIG".Length..]}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end and its last lines; its exit code.</summary>
    public async Task<int> WaitForExitAsync(double seconds = 120) =>
        await ExitsWithinAsync(TimeSpan.FromSeconds(seconds))
            ? ExitCode
            : throw new TimeoutException($"It did not end within {seconds} s; it said:\n{this}");

    public async Task<bool> ExitsWithinAsync(TimeSpan time)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestRun.CancellationToken);
        deadline.CancelAfter(time);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!TestRun.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    public override string ToString() => string.Join('\n', _lines);

    public virtual async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables that it has more than this process, or others; null takes one away.</param>
    /// <param name="user">As whom it runs; null for as whom this process runs.</param>
    protected static ProcessStartInfo StartInfo(
        IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? user = null)
    {
        // Not in its own folder: where it is started from must not matter to it.
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/" };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        if (user is not null)
        {
            start.UserName = user;
        }

        return start;
    }

    /// <summary>
    /// A command line for who is to be sent SIGINT or SIGHUP: a shell in the background, and nohup, have
    /// all that they start ignore them.
    /// </summary>
    protected static string[] WithDefaultSignals(IEnumerable<string> command) =>
        [.. OperatingSystem.IsLinux() ? (string[])["env", "--default-signal=INT,HUP"] : [], .. command];

    private void Add(string? line, bool isError)
    {
        if (!string.IsNullOrEmpty(line))
        {
            _lines.Enqueue(line);
            if (isError)
            {
                _errors.Enqueue(line);
            }
        }
    }
}
