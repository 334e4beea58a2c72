using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

internal static class DashboardDiscovery
{
    private const string AssemblyName = "Aspire.Dashboard";
    private const string TypeName = "Aspire.Dashboard.Hosting.DashboardExtension";

    /// <summary>The dashboard, if it was built in and has addresses.</summary>
    public static (IDashboard Dashboard, DashboardSettings Settings)? Find(IConfiguration configuration)
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, $"{AssemblyName}.dll")) || DashboardSettings.Read(configuration) is not { } settings)
        {
            return null;
        }

        var type = Assembly.Load(AssemblyName).GetType(TypeName, throwOnError: true)!;
        return ((IDashboard)Activator.CreateInstance(type)!, settings);
    }
}
