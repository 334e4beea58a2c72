using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Supervision;

/// <summary>
/// A program in a session and process group of its own, under a small shell script that ends it when this process ends, however that
/// happens. See <c>supervise.sh</c>.
/// </summary>
internal sealed class SupervisedProcess : IRunningResource
{
    private static readonly TimeSpan OutputDrain = TimeSpan.FromSeconds(2);
    private static readonly Lazy<string> Script = new(ReadScript);

    private readonly Process _process;
    private readonly ProcessSpec _spec;
    private readonly TimeProvider _time;
    private readonly Task _output;
    private int _released;

    private SupervisedProcess(Process process, ProcessSpec spec, Action<string, bool> output, TimeProvider time)
    {
        _process = process;
        _spec = spec;
        _time = time;
        _output = Task.WhenAll(
            PumpAsync(process.StandardOutput, line => output(line, false)),
            PumpAsync(process.StandardError, line => output(line, true)));
        Completion = CompleteAsync();
    }

    /// <summary>The supervisor's process, which leads the session and the process group.</summary>
    public int? ProcessId => _process.Id;

    public Task<int?> Completion { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="output">Gets each line it writes, and whether it wrote it to standard error.</param>
    /// <param name="time">Measures how long it takes to end.</param>
    /// <exception cref="DistributedApplicationException">The program or its folder is not there.</exception>
    public static SupervisedProcess Start(ProcessSpec spec, Action<string, bool> output, TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new DistributedApplicationException("This engine starts processes on Linux and macOS only; on Windows build with -p:PackageFeed=full.");
        }

        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new DistributedApplicationException($"the folder '{spec.WorkingDirectory}' it starts in is not there");
        }

        var program = SearchPath.Find(spec.FileName, spec.WorkingDirectory, spec.Environment.GetValueOrDefault("PATH"))
            ?? throw new DistributedApplicationException($"the program '{spec.FileName}' was not found");
        var start = new ProcessStartInfo
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            UserName = spec.UserName ?? "",
        };
        AddNewSession(start);
        foreach (var argument in (IEnumerable<string>)["/bin/sh", "-c", Script.Value, "supervise", spec.Signals.FirstName, spec.Signals.LastName, program, .. spec.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        AddEnvironment(start, spec.Environment);
        try
        {
            var process = Process.Start(start) ?? throw new DistributedApplicationException($"the program '{program}' could not be started");
            return new SupervisedProcess(process, spec, output, time);
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"the program '{program}' could not be started: {exception.Message}");
        }
    }

    public async Task StopAsync()
    {
        Unix.SignalGroup(_process.Id, _spec.Signals.First);
        try
        {
            await Completion.WaitAsync(_spec.StopTimeout, _time);
        }
        catch (TimeoutException)
        {
            Release();
            await Completion;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await Completion;
        _process.Dispose();
    }

    private static void AddNewSession(ProcessStartInfo start)
    {
        if (SearchPath.Find("setsid") is { } setsid)
        {
            start.FileName = setsid;
            return;
        }

        // macOS has no setsid(1), but perl.
        start.FileName = SearchPath.Find("perl") ?? throw new DistributedApplicationException("neither the program 'setsid' nor 'perl' was found");
        start.ArgumentList.Add("-MPOSIX");
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add("POSIX::setsid(); exec @ARGV");
    }

    private static void AddEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.Environment.Clear();
        var numbered = 0;
        foreach (var (name, value) in environment)
        {
            if (IsShellName(name))
            {
                start.Environment[name] = value;
            }
            else
            {
                start.Environment[$"SUPERVISED_VARIABLE_{++numbered}"] = $"{name}={value}";
            }
        }

        if (numbered > 0)
        {
            start.Environment["SUPERVISED_VARIABLES"] = $"{numbered}";
        }
    }

    private static bool IsShellName(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(SupervisedProcess).Assembly.GetManifestResourceStream("supervise.sh")!);
        return reader.ReadToEnd();
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output(line);
        }
    }

    private async Task<int?> CompleteAsync()
    {
        await _process.WaitForExitAsync();
        var exitCode = _process.ExitCode;
        // What the program left behind in its group ends with it, and lets go of the output.
        Release();
        await Task.WhenAny(_output, Task.Delay(OutputDrain, _time));
        return exitCode;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _process.StandardInput.Dispose();
        }
    }
}
