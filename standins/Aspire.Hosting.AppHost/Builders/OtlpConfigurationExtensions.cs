using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Lets resources say who they are in their telemetry.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Gives the resource the names that its telemetry carries, in run mode. Projects have them without asking.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return builder;
        }

        return builder
            .WithVariable("OTEL_SERVICE_NAME", builder.Resource.Name)
            .WithVariable("OTEL_RESOURCE_ATTRIBUTES", new InstancePort(instance => $"service.instance.id={instance.Id}"));
    }
}
