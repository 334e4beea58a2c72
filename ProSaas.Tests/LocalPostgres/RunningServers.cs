using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ProSaas.Tests.LocalPostgres;

/// <summary>
/// An AppHost with two servers, each with databases, and a program that waits for one and writes its environment down.
/// A start takes seconds, so tests share one.
/// </summary>
public sealed class RunningServers : IAsyncLifetime
{
    internal const string Password = "p@ss/word:100%";

    private readonly DataFolder _folder = new();
    private DistributedApplication? _application;
    private StateHistory? _start;

    public DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The application has not been started.");

    /// <summary>What happened, from before the start.</summary>
    internal StateHistory Start => _start ?? throw new InvalidOperationException("The application has not been started.");

    internal int FixedPort { get; } = FreePorts.NextRow(1);

    internal string Environment => _folder.Combine("environment");

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var builder = CreateBuilder();
        var user = builder.AddParameter("user", "own er");
        var password = builder.AddParameter("password", Password, secret: true);
        var first = builder.AddLocalPostgres("first", user, password);
        var n8n = first.AddDatabase("n8ndb", "n8n");
        first.AddDatabase("quoted", "Mixed \"case\"");
        var second = builder.AddLocalPostgres("second", password: password, port: FixedPort).WithDataFolder(_folder.Combine("second"));
        second.AddDatabase("kept");
        builder.AddExecutable("client", "/bin/sh", _folder.Path, "-c", "env >environment")
            .WithReference(n8n).WithReference(first).WaitFor(n8n);

        _application = builder.Build();
        _start = new StateHistory(_application.ResourceNotifications);
        await _application.StartAsync(cancellationToken);
        await _application.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.TerminalStates, cancellationToken);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("quoted", cancellationToken);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("kept", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_start is not null)
        {
            await _start.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A builder that knows where the orchestrator is, as the AppHost's assembly says.</summary>
    internal static IDistributedApplicationBuilder CreateBuilder()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AssemblyName = typeof(Projects.ProSaas_AppHost).Assembly.GetName().Name,
            DisableDashboard = true
        });
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        return builder;
    }

    internal async Task<NpgsqlConnection> ConnectAsync(string resource)
    {
        var connectionString =
            new NpgsqlConnectionStringBuilder(await Application.GetConnectionStringAsync(resource, TestContext.Current.CancellationToken))
            {
                Pooling = false
            };
        connectionString.Database ??= "postgres";
        var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
