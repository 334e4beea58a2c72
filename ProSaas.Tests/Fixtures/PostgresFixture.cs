using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Npgsql;
using ProSaas.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace ProSaas.Tests.Fixtures;

/// <summary>One real PostgreSQL for the whole run; each test that needs one takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    // Nothing here outlives the run, and tests run side by side.
    private readonly List<string> _settings = ["max_connections=400"];

    /// <summary>
    /// The password of the API's role in every test: roles belong to the server, so tests that run side by side share it.
    /// </summary>
    public const string AppPassword = "app-password-of-the-tests";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private DistributedApplication? _application;

    public PostgresFixture()
    {
    }

    /// <summary>A server apart, with more settings: <c>log_statement=all</c>.</summary>
    internal PostgresFixture(params string[] settings) => _settings.AddRange(settings);

    /// <summary>The connection string of a new, empty database, as the server's superuser.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        var server = await GetServerAsync();
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            IncludeErrorDetail = true,
            MaxPoolSize = 10,

            // Each database has pools of its own, which would keep the server's slots for minutes after its test.
            ConnectionIdleLifetime = 10,
            ConnectionPruningInterval = 5,
        }.ConnectionString;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await _application.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<string> GetServerAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        await _starting.WaitAsync(ct);
        try
        {
            _application ??= await StartAsync(ct);
            var server = await _application.GetConnectionStringAsync("postgres", ct);
            return new NpgsqlConnectionStringBuilder(server) { Database = "postgres" }.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<DistributedApplication> StartAsync(CancellationToken ct)
    {
        // The AppHost's assembly says where the orchestrator is.
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { AssemblyName = typeof(Projects.ProSaas_AppHost).Assembly.GetName().Name, DisableDashboard = true });
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        var password = builder.AddParameter("password", "password-of-the-tests", secret: true);
        builder.AddLocalPostgres("postgres", password: password).WithArgs([.. _settings.SelectMany(setting => (string[])["-c", setting])]);
        var application = builder.Build();
        await application.StartAsync(ct);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("postgres", ct);
        return application;
    }
}
