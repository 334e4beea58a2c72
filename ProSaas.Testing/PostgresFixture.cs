using Npgsql;

namespace ProSaas.Testing;

/// <summary>One real PostgreSQL for the whole run; each test that needs one takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    /// <summary>
    /// The password of the API's role in every test: roles belong to the server, so tests that run side by side share it.
    /// </summary>
    public const string AppPassword = PostgresServer.AppPassword;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IReadOnlyList<string> _settings = [];
    private PostgresProcess? _server;

    /// <summary>A server apart, with settings of its own: <c>log_statement=all</c>.</summary>
    public static PostgresFixture With(params IReadOnlyList<string> settings) => new() { _settings = settings };

    /// <summary>The connection string of a new, empty database, as the server's superuser.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        var server = await GetServerAsync();
        await Database.ExecuteAsync(server.ConnectionString, $"CREATE DATABASE {name} TEMPLATE template0");
        return new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = name,
            IncludeErrorDetail = true,
            Pooling = true,
            MaxPoolSize = 10,

            // Each database has pools of its own, which would keep the server's slots for minutes after its test.
            ConnectionIdleLifetime = 10,
            ConnectionPruningInterval = 5,
        }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _starting.Dispose();
    }

    private async Task<PostgresProcess> GetServerAsync()
    {
        await _starting.WaitAsync(TestRun.CancellationToken);
        try
        {
            // Tests run side by side, and nothing here outlives the run.
            return _server ??= await PostgresProcess.Run(folder: null, settings: ["max_connections=400", .. _settings]).UntilReadyAsync();
        }
        finally
        {
            _starting.Release();
        }
    }
}
