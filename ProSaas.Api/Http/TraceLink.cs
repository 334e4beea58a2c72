using System.Diagnostics;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Http;

/// <summary>
/// In development, and there alone, a problem links to its trace in the dashboard that the AppHost has started:
/// <c>traceUrl</c>.
/// </summary>
internal sealed class TraceLink
{
    private const string Setting = "Dashboard:Url";

    private readonly Uri _dashboard;

    private TraceLink(Uri dashboard) => _dashboard = dashboard;

    /// <summary>The link, where there is a dashboard to link to.</summary>
    /// <exception cref="ConfigurationException">The dashboard's address is not one.</exception>
    public static TraceLink? Create(IConfiguration configuration, IHostEnvironment environment) =>
        environment.IsDevelopment() && configuration.GetHttpAddress(Setting) is { } dashboard ? new TraceLink(dashboard) : null;

    /// <summary>Adds the link to a problem of a request that is traced.</summary>
    public void AddTo(ProblemDetailsContext context)
    {
        if (Activity.Current is { Recorded: true } request)
        {
            // The path is that of Aspire's dashboard.
            context.ProblemDetails.Extensions["traceUrl"] = new Uri(_dashboard, $"/traces/detail/{request.TraceId}").ToString();
        }
    }
}
