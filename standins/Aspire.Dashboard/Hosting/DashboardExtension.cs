using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Control;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Dashboard.Hosting;

/// <summary>What the engine finds by name.</summary>
internal sealed class DashboardExtension : IDashboard
{
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<ConsoleLog>();
        services.AddSingleton(provider => new TelemetryStore(new TelemetryLimits(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ResourceControl>();
        services.AddSingleton<EngineApplication>();
        services.AddSingleton<IApplication>(provider => provider.GetRequiredService<EngineApplication>());
        services.AddHostedService<DashboardHost>();

        // What was registered last is what everyone is given.
        var terminal = services.Last(service => service.ServiceType == typeof(IResourceConsole)).ImplementationType!;
        services.AddSingleton<IResourceConsole>(provider =>
            new RecordingConsole((IResourceConsole)ActivatorUtilities.CreateInstance(provider, terminal), provider.GetRequiredService<ConsoleLog>()));
    }
}
