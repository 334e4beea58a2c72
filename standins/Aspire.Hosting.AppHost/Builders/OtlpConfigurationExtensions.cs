using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Lets resources send their telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>
    /// Gives the resource the names that its telemetry carries and, where there is a dashboard, its address, in run mode. Projects have
    /// them without asking.
    /// </summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return builder;
        }

        builder.Resource.Annotations.Add(new EnvironmentCallbackAnnotation(context => AddEndpoint(context.EnvironmentVariables, builder.ApplicationBuilder)));
        return builder
            .WithVariable("OTEL_SERVICE_NAME", builder.Resource.Name)
            .WithVariable("OTEL_RESOURCE_ATTRIBUTES", new InstancePort(instance => $"service.instance.id={instance.Id}"));
    }

    private static void AddEndpoint(Dictionary<string, object> variables, IDistributedApplicationBuilder application)
    {
        if (application is not DistributedApplicationBuilder { Dashboard: { } dashboard })
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpGrpc.GetLeftPart(UriPartial.Authority);
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={dashboard.OtlpApiKey}";
        // What is shown as it happens is sent each second, and whole.
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
    }
}
