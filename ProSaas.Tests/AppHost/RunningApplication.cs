using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost;

/// <summary>The whole application as its AppHost describes it, on a database of its own.</summary>
public class RunningApplication : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _baileysData = Directory.CreateTempSubdirectory("prosaas-baileys-");
    private DistributedApplication? _application;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The application has not been started.");

    /// <summary>The AppHost's command line.</summary>
    protected virtual string[] Arguments =>
    [
        "--Parameters:postgres-password=of-the-test", "--Parameters:app-db-password=of-the-test-too", "--Parameters:baileys-secret=of-the-test-and-long",
        $"--PROSAAS_BAILEYS_PORT={FreePorts.Next()}", $"--BAILEYS_DATA={_baileysData.FullName}",
    ];

    /// <summary>The lines of a resource's console so far.</summary>
    public IReadOnlyList<string> Console(string resource) =>
    [
        .. Application.Services.GetFakeLogCollector().GetSnapshot()
            .Where(line => line.Category?.EndsWith($".Resources.{resource}", StringComparison.Ordinal) ?? false)
            .Select(line => line.Message),
    ];

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ProSaas_AppHost>(Arguments, TestContext.Current.CancellationToken);
        builder.Services.AddFakeLogging();
        foreach (var resource in builder.Resources)
        {
            // Not the developer's own data.
            foreach (var volume in resource.Annotations.OfType<ContainerMountAnnotation>().ToList())
            {
                resource.Annotations.Remove(volume);
            }
        }

        _application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartTimeout);
        await _application.StartAsync(deadline.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("prosaas-api", deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _baileysData.Delete(recursive: true);
    }
}
