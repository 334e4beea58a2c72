using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the assembly <c>Aspire.Dashboard</c> does for the engine, where it is there.</summary>
internal interface IDashboard
{
    /// <summary>Adds what shows the application.</summary>
    /// <param name="services">The host's services, with the engine's own and the <see cref="DashboardSettings"/> in them.</param>
    void AddTo(IServiceCollection services);
}
