using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost;

/// <summary>The AppHost as a process, started as a developer starts it, on free ports and with a PostgreSQL of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string Mark = "PROSAAS_TEST_RUN";
    private const string PostgresPassword = "of-the-test";

    // As it is built, not as it is copied beside the tests: it finds the other projects' programs beside its own.
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory.Replace("ProSaas.Tests", "ProSaas.AppHost", StringComparison.Ordinal), "ProSaas.AppHost.dll");

    private readonly Process _process;
    private readonly string _mark;
    private readonly string _data;
    private readonly int _postgresPort;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private bool _isGone;

    private AppHostProcess(Process process, string mark, string data, int postgresPort)
    {
        (_process, _mark, _data, _postgresPort) = (process, mark, data, postgresPort);
        process.OutputDataReceived += (_, line) => Add(_lines, line.Data);
        process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to standard error.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Free ports, by the settings that they are given by: of the dashboard the first of its four.</summary>
    public static Dictionary<string, string> Ports()
    {
        var first = FreePorts.NextRow(7);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PROSAAS_API_PORT"] = Text(first),
            ["PROSAAS_BAILEYS_PORT"] = Text(first + 1),
            ["PROSAAS_POSTGRES_PORT"] = Text(first + 2),
            ["PROSAAS_DASHBOARD_PORT"] = Text(first + 3),
        };
    }

    /// <summary>Starts it.</summary>
    /// <param name="data">The folder that the data is kept in.</param>
    /// <param name="ports">The ports, as settings.</param>
    /// <param name="settings">More variables.</param>
    /// <param name="command">A command line that runs another one, which comes after it.</param>
    public static AppHostProcess Start(string data, IReadOnlyDictionary<string, string> ports, IReadOnlyDictionary<string, string>? settings = null, params string[] command)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not built");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What is left of a run is looked for in /proc");
        var mark = Guid.NewGuid().ToString("N");
        string[] all = [.. DefaultSignals.Prefix, .. command, "dotnet", Program];
        var start = new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Mark] = mark,
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            ["PROSAAS_POSTGRES"] = "local",
            ["PROSAAS_DATA"] = data,

            // Of the test, and so not kept among the user's secrets.
            ["Parameters__postgres-password"] = PostgresPassword,
            ["Parameters__app-db-password"] = "of-the-test-too",
            ["Parameters__baileys-secret"] = "of-the-test-and-long",
        };
        foreach (var (name, value) in environment.Concat(ports).Concat(settings ?? new Dictionary<string, string>(StringComparer.Ordinal)))
        {
            start.Environment[name] = value;
        }

        return new AppHostProcess(Process.Start(start)!, mark, data, int.Parse(ports["PROSAAS_POSTGRES_PORT"], CultureInfo.InvariantCulture));
    }

    public async Task UntilAsync(string line, double seconds = 120) =>
        await Eventually.TrueAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"It ended:\n{this}") : _lines.Any(said => said.StartsWith(line, StringComparison.Ordinal)),
            $"the AppHost says '{line}'; it said:\n{this}",
            seconds);

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Text(_process.Id)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCodeAsync(double seconds = 60)
    {
        await Eventually.TrueAsync(() => _process.HasExited, $"the AppHost ends; it said:\n{this}", seconds);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits until no process of this run is left, nor one that works in its data.</summary>
    public async Task UntilNothingIsLeftAsync(double seconds = 20)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (!IsAnythingLeft())
                {
                    return true;
                }

                // Each round reads about every process of the machine.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
                return false;
            },
            "every process of the run is gone",
            seconds);
        _isGone = true;
    }

    public async Task<object?> QueryAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _postgresPort, Username = "postgres", Password = PostgresPassword, Database = "prosaasdb", Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public override string ToString() => string.Join('\n', _lines.Concat(_errors));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The orchestrator ends with it, and with that all that it had started.
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        if (!_isGone)
        {
            await UntilNothingIsLeftAsync(seconds: 30);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            lines.Enqueue(line);
        }
    }

    private bool IsAnythingLeft() => Directory.EnumerateDirectories("/proc").Any(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && IsOurs(folder));

    private bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains(_mark, StringComparison.Ordinal)
                || (new FileInfo(Path.Combine(folder, "cwd")).LinkTarget?.StartsWith($"{_data}/", StringComparison.Ordinal) ?? false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
