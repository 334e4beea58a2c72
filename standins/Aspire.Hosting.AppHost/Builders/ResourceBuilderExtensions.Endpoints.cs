using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        // Every probe has a time limit of its own.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that others use, 1-65535; null for one chosen when the application starts.</param>
    /// <param name="targetPort">The port that the process listens on, 1-65535; null for one chosen when the application starts.</param>
    /// <param name="name">The name; <c>http</c> if null.</param>
    /// <param name="env">The variable that tells the process its port.</param>
    /// <param name="isProxied">Whether something may stand between callers and the process.</param>
    /// <exception cref="DistributedApplicationException">The resource has an endpoint of that name.</exception>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(name ?? "http", "http") { Port = port, TargetPort = targetPort, IsProxied = isProxied, TargetPortVariable = env };
        if (Find(builder.Resource, endpoint.Name) is not null)
        {
            throw new DistributedApplicationException($"Endpoint with name '{endpoint.Name}' already exists. Endpoint name may not have been explicitly specified and was derived automatically from scheme argument (e.g. 'http', 'ws', or 'tcp'). Multiple calls to WithEndpoint (and related methods) may result in a conflict if name argument is not specified. Each endpoint must have a unique name. For more information on networking in Aspire see: https://aka.ms/dotnet/aspire/networking");
        }

        builder.WithAnnotation(endpoint);
        return env is null ? builder : builder.WithVariable(env, builder.GetEndpoint(endpoint.Name).Property(EndpointProperty.TargetPort));
    }

    /// <summary>Changes an endpoint, or adds it.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="callback">Changes it.</param>
    /// <param name="createIfNotExists">Whether to add it if there is none.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        if (Find(builder.Resource, endpointName) is { } endpoint)
        {
            callback(endpoint);
        }
        else if (createIfNotExists)
        {
            endpoint = new EndpointAnnotation(endpointName, "tcp");
            callback(endpoint);
            builder.WithAnnotation(endpoint);
        }

        return builder;
    }

    /// <summary>Makes the HTTP endpoints reachable from outside once published.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsHttp))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>Changes what people see of an endpoint's address: its text, or the path that they are sent to.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource => builder.WithAnnotation(new EndpointUrlAnnotation(endpointName, callback));

    /// <summary>An endpoint, to be told to others.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Calls the resource healthy when it answers an HTTP request as expected.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path asked for; <c>/</c> if null.</param>
    /// <param name="statusCode">The status expected; 200 if null.</param>
    /// <param name="endpointName">The endpoint asked; the first HTTP one, if null.</param>
    /// <exception cref="DistributedApplicationException">The resource has no such endpoint.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var resource = builder.Resource;
        var endpoint = endpointName is null
            ? resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.IsHttp)
            : Find(resource, endpointName);
        if (endpoint is null)
        {
            throw new DistributedApplicationException($"Could not create HTTP health check for resource '{resource.Name}' as no endpoint was found matching one of the specified names: {endpointName ?? "http, https"}");
        }

        path ??= "/";
        var status = statusCode ?? 200;
        var key = $"{resource.Name}_{endpoint.Name}_{path}_{status}_check";
        return builder.WithAnnotation(new HealthCheckAnnotation(key)).WithAnnotation(new HealthProbeAnnotation(key, ProbeAsync));

        async Task<HealthCheckResult> ProbeAsync(ResourceInstance instance, CancellationToken cancellationToken)
        {
            var address = new Uri(new Uri($"{endpoint.UriScheme}://127.0.0.1:{instance.TargetPorts[endpoint.Name]}"), path);
            using var response = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var actual = (int)response.StatusCode;
            return actual == status ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"answered {actual} instead of {status}");
        }
    }

    private static EndpointAnnotation? Find(IResource resource, string name) =>
        resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
