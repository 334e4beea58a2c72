using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>Where the dashboard is: its pages on one port, OTLP over gRPC on the next, OTLP over HTTP on the one after.</summary>
internal static class DashboardAddress
{
    private const string PortVariable = "PROSAAS_DASHBOARD_PORT";
    private const int DefaultPort = 18888;
    private const int PortCount = 3;
    private const string FrontendKey = "ASPNETCORE_URLS";

    /// <summary>Gives the engine the addresses.</summary>
    /// <returns>False, having said why on standard error, if the setting leaves no room for three ports.</returns>
    public static bool TrySet(IConfiguration configuration)
    {
        if (!Port.TryRead(configuration, PortVariable, DefaultPort, out var port, count: PortCount))
        {
            return false;
        }

        configuration[FrontendKey] = At(port);
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = At(port + 1);
        configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = At(port + 2);
        return true;
    }

    /// <summary>Lets a resource link to its traces.</summary>
    public static void Tell(IResourceBuilder<ProjectResource> resource) =>
        resource.WithEnvironment("Dashboard__Url", resource.ApplicationBuilder.Configuration[FrontendKey]);

    private static string At(int port) => $"http://127.0.0.1:{port}";
}
