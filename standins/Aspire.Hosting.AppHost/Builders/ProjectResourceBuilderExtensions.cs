using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, with the endpoints and variables of its launch profile.</summary>
    /// <typeparam name="TProject">The class that the build makes of a reference to the project.</typeparam>
    /// <exception cref="DistributedApplicationException">The project's file is not there.</exception>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new ProjectResource(name);
        var resource = builder.AddResource(project).WithAnnotation(new TProject());
        if (builder.ExecutionContext.IsRunMode && !File.Exists(project.Metadata.ProjectPath))
        {
            throw new DistributedApplicationException($"Project file '{project.Metadata.ProjectPath}' was not found.");
        }

        var profile = LaunchProfile.Of(project, builder.Configuration);

        resource.WithVariable("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory").WithOtlpExporter();
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
            resource.Resource.DefaultHttpsEndpoint = resource.Resource.Annotations.OfType<EndpointAnnotation>().Last();
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
        endpoint.Port = port;
    };

    private static void AddHttpVariables(IResourceBuilder<ProjectResource> resource)
    {
        var project = resource.Resource;
        resource.WithEnvironment(context =>
        {
            var endpoints = project.Annotations.OfType<EndpointAnnotation>().ToList();
            var told = endpoints.Where(endpoint => endpoint.IsHttp && endpoint.TargetPortVariable is null).ToList();
            if (context.ExecutionContext.IsRunMode)
            {
                if (told.Count > 0)
                {
                    context.EnvironmentVariables["ASPNETCORE_URLS"] =
                        new InstancePort(instance => string.Join(';', told.Select(e => $"{e.UriScheme}://127.0.0.1:{instance.TargetPorts[e.Name]}")));
                }

                return;
            }

            if (endpoints.Count > 0)
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            AddPorts(context, "HTTP_PORTS", project, told.Where(endpoint => endpoint.UriScheme == "http"));
            // The https endpoint that every web project has: the container has no certificate for it.
            AddPorts(context, "HTTPS_PORTS", project, told.Where(endpoint => endpoint.UriScheme == "https" && endpoint != project.DefaultHttpsEndpoint));
        });
    }

    private static void AddPorts(EnvironmentCallbackContext context, string variable, ProjectResource project, IEnumerable<EndpointAnnotation> endpoints)
    {
        var ports = endpoints.Select(endpoint => new EndpointReference(project, endpoint.Name).Property(EndpointProperty.TargetPort)).ToList();
        if (ports.Count > 0)
        {
            context.EnvironmentVariables.TryAdd(variable, ReferenceExpression.Join(";", ports));
        }
    }
}
