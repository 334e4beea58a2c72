using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Control;

internal static class ControlServices
{
    /// <summary>Lets other terminals ask for the resources.</summary>
    public static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton(provider => new AccessFile(provider.GetRequiredService<AppHostIdentity>(), AccessFile.UserFolder(), provider.GetService<DashboardSettings>()));
        services.AddSingleton<ResourceControl>();
        services.AddHostedService<ControlServer>();
    }
}
