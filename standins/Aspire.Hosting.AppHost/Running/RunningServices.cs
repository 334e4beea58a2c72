using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Control;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Running;

internal static class RunningServices
{
    /// <summary>Adds what run mode needs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="console">Whether lines go to the terminal rather than to the log.</param>
    public static void AddRunning(this IServiceCollection services, bool console)
    {
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton(provider => new ResourceCommandService(provider));
        services.AddSingleton<ProcessRunner>();
        services.AddSingleton<PortAllocator>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<StartupFailures>();
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        if (console)
        {
            services.AddSingleton<IResourceConsole, TerminalConsole>();
            services.AddControl();
        }
        else
        {
            services.AddSingleton<IResourceConsole, LogConsole>();
        }
    }
}
