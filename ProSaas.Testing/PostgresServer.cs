using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ProSaas.Testing;

/// <summary>A PostgreSQL in a temporary folder, started, stopped and killed at will. Its log says SQLSTATE and application.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string AppPassword = "app-password-of-the-tests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-postgres-");
    private readonly int _port = FreePorts.Next();
    private readonly IReadOnlyList<string> _settings;
    private PostgresProcess? _process;

    private PostgresServer(IReadOnlyList<string> settings) => _settings = ["max_connections=300", "log_line_prefix=<%e|%a> ", .. settings];

    /// <summary>What the server has written since its last start.</summary>
    public IReadOnlyList<string> Log => _process?.Lines ?? [];

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">More settings: <c>name=value</c>.</param>
    public static async Task<PostgresServer> CreateAsync(params IReadOnlyList<string> settings)
    {
        var server = new PostgresServer(settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>For the owner of the database, a superuser; without a pool.</summary>
    public string Owner(string database) =>
        new NpgsqlConnectionStringBuilder(_process!.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>What the API needs to run on the database.</summary>
    public Dictionary<string, string?> ApiEnvironment(string database, string environment) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = environment,
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
    public Dictionary<string, string?> WorkerEnvironment(string database) => new TestDatabase(Owner(database)).WorkerEnvironment();

    /// <summary>Starts it and returns when it takes connections; after a kill that is when the dead one's processes are gone.</summary>
    public Task StartAsync()
    {
        _process = PostgresProcess.Run(_folder.FullName, port: _port, settings: _settings);
        return _process.UntilReadyAsync();
    }

    /// <summary>Ends the server with SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        var lockFile = Directory.GetFiles(_folder.FullName, "postmaster.pid", SearchOption.AllDirectories).Single();
        using var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(lockFile).First(), CultureInfo.InvariantCulture));
        postmaster.Kill();
        await _process!.WaitForExitAsync();
    }

    /// <summary>Stops it and ends every connection.</summary>
    public Task StopAsync() => _process!.StopAsync();

    /// <summary>Makes the roles, which belong to the server and not to a database.</summary>
    public Task MakeRolesAsync() => SeedAsync("roles");

    /// <summary>Makes a database of this release, with the development seed.</summary>
    public async Task SeedAsync(string database)
    {
        await using var worker = ServiceHandle.StartMigrationWorker(WorkerEnvironment(database));
        if (await worker.WaitForExitAsync() is not 0)
        {
            throw new InvalidOperationException($"The migration worker ended with {worker.ExitCode}: {worker}");
        }
    }

    public Task ExecuteAsync(string database, string sql) => Database.ExecuteAsync(Owner(database), sql);

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }
}
