using System.Globalization;
using Npgsql;

namespace ProSaas.Bench;

/// <summary>A private PostgreSQL in a temporary folder, started, stopped and killed at will. Its log says SQLSTATE and application.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string SystemUser = "postgres";
    private const string AppPassword = "app-password-of-the-bench";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-bench-");
    private readonly int _port = ChildProcess.FreePort();
    private readonly string _programs;
    private readonly IReadOnlyList<string> _settings;
    private ChildProcess? _process;

    private PostgresServer(string programs, IReadOnlyList<string> settings) => (_programs, _settings) = (programs, settings);

    /// <summary>What the server has written since its last start.</summary>
    public IReadOnlyCollection<string> Log => _process?.Lines ?? [];

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">Settings as <c>name=value</c>, beside the bench's own.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<PostgresServer> CreateAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(await FindProgramsAsync(cancellationToken), settings);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", SystemUser, server._folder.FullName], cancellationToken);
        }

        await RunAsync(server.Command("initdb", "--pgdata", server._folder.FullName, "--username", SystemUser, "--auth", "trust", "--locale", "C.UTF-8", "--no-sync"), cancellationToken);
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>For the owner of the database, a superuser.</summary>
    public string Owner(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = SystemUser,
        Database = database,
        Pooling = false,
    }.ConnectionString;

    /// <summary>What the API needs to run on the database.</summary>
    public Dictionary<string, string> ApiEnvironment(string database, string environment, int port) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = environment,
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
        ["ConnectionStrings__prosaasdb"] = new NpgsqlConnectionStringBuilder(Owner(database))
        {
            Username = "prosaas_app",
            Password = AppPassword,
            ApplicationName = "prosaas-api",
            Pooling = true,
            MaxAutoPrepare = 64,
        }.ConnectionString,
    };

    /// <summary>What the migration worker needs to bring the database up and seed it.</summary>
    public Dictionary<string, string> WorkerEnvironment(string database) => new(StringComparer.Ordinal)
    {
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ConnectionStrings__prosaasdb"] = Owner(database),
        ["Database__AppPassword"] = AppPassword,
    };

    public void Launch() => _process = ChildProcess.Start(Command(
        "postgres",
        ["-D", _folder.FullName, .. ((string[])[
            "listen_addresses=127.0.0.1", $"port={_port.ToString(CultureInfo.InvariantCulture)}", "unix_socket_directories=", "max_connections=300", "log_line_prefix=<%e|%a> ", "lc_messages=C",
            .. _settings]).SelectMany(setting => (string[])["-c", setting])]));

    /// <summary>Starts it and returns when it answers; after a kill it starts over until the dead one's processes are gone.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        while (!await AnswersAsync(cancellationToken))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            if (_process!.HasExited)
            {
                Launch();
            }
        }
    }

    /// <summary>Ends the server with SIGKILL, as a crash would.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Stops it and ends every connection.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
        => RunAsync(Command("pg_ctl", "stop", "--pgdata", _folder.FullName, "--mode", "fast", "--wait"), cancellationToken);

    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Owner(database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                await StopAsync(CancellationToken.None);
            }

            await process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1", cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // PostgreSQL refuses to run as root.
    private string[] Command(string program, params IEnumerable<string> arguments)
        => [.. Environment.IsPrivilegedProcess ? (string[])["setpriv", $"--reuid={SystemUser}", $"--regid={SystemUser}", "--clear-groups", "--"] : [], Path.Combine(_programs, program), .. arguments];

    private static async Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        await using var process = ChildProcess.Start(command);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode is not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {string.Join(' ', process.Lines)}");
        }
    }

    private static async Task<string> FindProgramsAsync(CancellationToken cancellationToken)
    {
        var script = Path.Combine(ChildProcess.Repository.FullName, "hosting", "LocalPostgres", "local-postgres.sh");
        await using var find = ChildProcess.Start([script, "find"]);
        await find.WaitForExitAsync(cancellationToken);
        return find.ExitCode is 0 ? find.Lines.Single() : throw new InvalidOperationException($"PostgreSQL's programs are not installed: run '{script} fetch'.");
    }
}
