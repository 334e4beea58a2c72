using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Logging;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every ProSaas service shares: telemetry, health and one-line logs.</summary>
public static class Extensions
{
    private static readonly string[] LivenessPaths = ["/livez", "/alive", "/healthz"];

    /// <summary>
    /// Adds the shared defaults. Call it before anything else is added, so that telemetry
    /// listens from the first span on.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="serviceName">The name the service reports in its endpoints; the application's name when null.</param>
    /// <exception cref="ConfigurationException">An address to listen on or a setting of the logs is wrong.</exception>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder, string? serviceName = null)
    {
        var entry = Assembly.GetEntryAssembly() ?? typeof(Extensions).Assembly;
        builder.Services.AddSingleton(ServiceIdentity.Create(serviceName ?? builder.Environment.ApplicationName, entry));
        builder.Services.TryAddSingleton(TimeProvider.System);

        ListenAddresses.Check(builder.Configuration);
        builder.AddLineLogging();
        builder.ConfigureOpenTelemetry();

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
    }

    /// <summary>
    /// Maps liveness on <c>/livez</c>, <c>/alive</c> and <c>/healthz</c>, which touch no dependency, and, in development only,
    /// every registered health check on <c>/health</c>.
    /// </summary>
    public static void MapDefaultEndpoints(this WebApplication app)
    {
        var identity = app.Services.GetRequiredService<ServiceIdentity>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        foreach (var path in LivenessPaths)
        {
            app.MapMethods(path, OperationalResponse.Methods,
                () => OperationalResponse.Create(StatusCodes.Status200OK, OperationalStatus.Of("alive", identity, time)))
                .AvailableBeforeReady();
        }

        if (app.Environment.IsDevelopment())
        {
            // Not before the service is ready: checks may ask what only then may be asked.
            app.MapHealthChecks("/health", new HealthCheckOptions { AllowCachingResponses = false });
        }
    }

    /// <summary>
    /// Marks endpoints that answer before the service is ready; every other path is refused until then. They run in the routing
    /// middleware: nothing that comes after it delays or refuses a probe, and no metrics of requests are kept of them.
    /// </summary>
    public static IEndpointConventionBuilder AvailableBeforeReady(this IEndpointConventionBuilder builder) =>
        builder.ShortCircuit().DisableHttpMetrics();

    private static void ConfigureOpenTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(StartupTelemetry.Name))
            .WithTracing(tracing => tracing
                .AddSource(StartupTelemetry.Name)
                .AddAspNetCoreInstrumentation(options => options.Filter = static context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddProcessor<OwnQueryFilter>());
        builder.Services.AddSingleton<OwnQueryFilter>();

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    private static bool IsProbe(PathString path) =>
        LivenessPaths.Any(probe => path.Equals(probe, StringComparison.Ordinal))
            || path.Equals("/api/health", StringComparison.Ordinal)
            || path.Equals("/readyz", StringComparison.Ordinal)
            || path.Equals("/health", StringComparison.Ordinal);
}
