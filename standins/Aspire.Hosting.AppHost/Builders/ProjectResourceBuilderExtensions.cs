using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, with the endpoints and variables of its launch profile.</summary>
    /// <typeparam name="TProject">The class that the build makes of a reference to the project.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new ProjectResource(name);
        var resource = builder.AddResource(project).WithAnnotation(new TProject());
        var profile = LaunchProfile.Of(project, builder.Configuration);

        resource.WithVariable("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ExecutionContext.IsRunMode)
        {
            AddRunVariables(resource, profile);
        }

        AddEndpoints(resource, profile);
        AddHttpVariables(resource);
        return resource;
    }

    /// <summary>Runs the project in several processes, which share its endpoints.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="replicas">How many processes, 1 or more.</param>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static void AddRunVariables(IResourceBuilder<ProjectResource> resource, LaunchProfile? profile)
    {
        resource.WithVariable("OTEL_SERVICE_NAME", resource.Resource.Name);
        resource.WithVariable("OTEL_RESOURCE_ATTRIBUTES", new InstancePort(instance => $"service.instance.id={instance.Id}"));
        foreach (var (variable, value) in profile?.EnvironmentVariables ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            resource.WithVariable(variable, value);
        }
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> resource, LaunchProfile? profile)
    {
        if (profile?.ApplicationUrl is not { Length: > 0 } addresses)
        {
            return;
        }

        if (resource.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            // A published web project has both; what its launch profile says of ports is about this machine.
            resource.WithEndpoint("http", SetScheme("http", port: null)).WithEndpoint("https", SetScheme("https", port: null));
            return;
        }

        foreach (var address in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => new Uri(text)))
        {
            resource.WithEndpoint(address.Scheme, SetScheme(address.Scheme, address.Port));
        }
    }

    private static Action<EndpointAnnotation> SetScheme(string scheme, int? port) => endpoint =>
    {
        endpoint.UriScheme = scheme;
        endpoint.Transport = "http";
        endpoint.Port = port;
    };

    private static void AddHttpVariables(IResourceBuilder<ProjectResource> resource)
    {
        var project = resource.Resource;
        resource.WithEnvironment(context =>
        {
            var endpoints = project.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https").ToList();
            if (endpoints.Count == 0)
            {
                return;
            }

            if (context.ExecutionContext.IsRunMode)
            {
                context.EnvironmentVariables["ASPNETCORE_URLS"] =
                    new InstancePort(instance => string.Join(';', endpoints.Select(e => $"{e.UriScheme}://127.0.0.1:{instance.TargetPorts[e.Name]}")));
                return;
            }

            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            if (endpoints.Find(endpoint => endpoint.UriScheme == "http") is { } http)
            {
                context.EnvironmentVariables["HTTP_PORTS"] = new EndpointReference(project, http.Name).Property(EndpointProperty.TargetPort);
            }
        });
    }
}
