using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ProSaas.Tests.AppHost;

/// <summary>
/// The whole application as its AppHost describes it, on a database of its own.
/// A start takes seconds, so tests share one.
/// </summary>
[CollectionDefinition(Name)]
public sealed class RunningApplication : IAsyncLifetime, ICollectionFixture<RunningApplication>
{
    public const string Name = "The running application";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("prosaas-data-");
    private DistributedApplication? _application;
    private StateHistory? _start;

    public DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The application has not been started.");

    /// <summary>What happened, from before the start.</summary>
    internal StateHistory Start => _start ?? throw new InvalidOperationException("The application has not been started.");

    /// <summary>The lines of a resource's console so far.</summary>
    public IReadOnlyList<string> Console(string resource) =>
    [
        .. Application.Services.GetFakeLogCollector().GetSnapshot()
            .Where(line => line.Category?.EndsWith($".Resources.{resource}", StringComparison.Ordinal) ?? false)
            .Select(line => line.Message),
    ];

    /// <summary>Runs a command of a resource.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command) =>
        await Application.ResourceCommands.ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            // As root, PostgreSQL runs as another user.
            _data.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        var ports = FreePorts.NextRow(2);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ProSaas_AppHost>(
            [
                "--Parameters:postgres-password=of-the-test", "--Parameters:app-db-password=of-the-test-too",
                "--Parameters:baileys-secret=of-the-test-and-long",
                "--Parameters:data-protection-secret=of-the-test-and-long-enough-for-keys",
                "--PROSAAS_POSTGRES=local", $"--PROSAAS_DATA={_data.FullName}", $"--PROSAAS_API_PORT={ports}",
                $"--PROSAAS_BAILEYS_PORT={ports + 1}",

                // Without a dashboard nobody takes the services' spans, and each would try for a while when it ends.
                "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=", "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=",
            ],
            TestContext.Current.CancellationToken);
        builder.Services.AddFakeLogging();

        // The tests' own polling.
        builder.Services.AddLogging(static logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning));
        _application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        _start = new StateHistory(_application.ResourceNotifications);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartTimeout);
        await _application.StartAsync(deadline.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("prosaas-api", deadline.Token);
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

        _data.Delete(recursive: true);
    }
}
