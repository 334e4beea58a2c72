using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using ProSaas.Tests.Architecture;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.LocalPostgres;

/// <summary>The script as a process of its own, with its console.</summary>
internal sealed class ScriptProcess : IAsyncDisposable
{
    public const string Password = "of the tests";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly NpgsqlConnectionStringBuilder _connection;

    private ScriptProcess(Process process, NpgsqlConnectionStringBuilder connection)
    {
        _process = process;
        _connection = connection;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "hosting", "LocalPostgres", "local-postgres.sh");

    public IReadOnlyList<string> Lines => [.. _lines];

    public int Id => _process.Id;

    /// <summary>Runs a cluster.</summary>
    /// <param name="folder">The folder that the data is kept in; null where it goes with the run.</param>
    /// <param name="user">The superuser's name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="port">The port; a free one when null.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="options">Options of postgres.</param>
    public static ScriptProcess Run(
        string? folder,
        string user = "postgres",
        string password = Password,
        int? port = null,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyList<string>? options = null) => Start(["/bin/sh", Path, "run", .. options ?? []], folder, user, password, port, environment);

    /// <summary>Runs a command line that runs the script in its turn.</summary>
    public static ScriptProcess Start(
        IReadOnlyList<string> command,
        string? folder,
        string user = "postgres",
        string password = Password,
        int? port = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var own = port ?? FreePorts.Next();
        string[] all = [.. DefaultSignals.Prefix, .. command];
        var start = new ProcessStartInfo(all[0], all.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        start.Environment["LOCAL_POSTGRES_PORT"] = own.ToString(CultureInfo.InvariantCulture);
        start.Environment["LOCAL_POSTGRES_USER"] = user;
        start.Environment["LOCAL_POSTGRES_PASSWORD"] = password;
        start.Environment["LOCAL_POSTGRES_DATA"] = folder;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var connection = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = own, Username = user, Password = password, Database = "postgres", Pooling = false };
        return new ScriptProcess(process, connection);
    }

    /// <summary>Waits until the server takes connections.</summary>
    public async Task<ScriptProcess> UntilReadyAsync()
    {
        await Eventually.TrueAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"The server ended:\n{this}") : Says("ready to accept connections"),
            "the server takes connections");
        return this;
    }

    public bool Says(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the server and waits for its end.</summary>
    public Task<int> StopAsync(string signal = "TERM")
    {
        Signal(signal, Id);
        return ExitCodeAsync(seconds: 10);
    }

    public async Task<int> ExitCodeAsync(double seconds = 30)
    {
        await Eventually.TrueAsync(() => _process.HasExited, $"the script ends; it said:\n{this}", seconds);

        // Its last lines too.
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public override string ToString() => string.Join('\n', _lines);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM", Id);
            await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(TimeSpan.FromSeconds(10), CancellationToken.None));
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            _lines.Enqueue(line);
        }
    }
}
