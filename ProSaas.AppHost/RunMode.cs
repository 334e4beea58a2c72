using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>What only a running application has, on a developer's machine.</summary>
internal static class RunMode
{
    private const string Loopback = "127.0.0.1";

    /// <summary>
    /// Milliseconds that an export may take. The dashboard ends together with the services, which would wait ten seconds
    /// for it to take their last spans.
    /// </summary>
    private const string ExportTimeout = "1000";

    /// <summary>Sets what Aspire is told here, from whatever folder the AppHost is started.</summary>
    public static void Configure(ConfigurationManager configuration)
    {
        // Loopback needs no certificate.
        configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";

        // No package feed is asked for newer versions.
        configuration["ASPIRE_VERSION_CHECK_DISABLED"] ??= "true";

        // The AppHost ends when every process of the run is gone.
        configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";
    }

    /// <summary>Sets what every project has here: it speaks plain HTTP over loopback, and ends soon.</summary>
    public static IResourceBuilder<ProjectResource> RunHere(this IResourceBuilder<ProjectResource> project) =>
        project.WithoutHttpsCertificate().WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", ExportTimeout).RunAsBuilt();

    /// <summary>
    /// Listens on one port itself. Behind a proxy of the orchestrator, which listens before the service does,
    /// clients would hang until the service is there.
    /// </summary>
    public static IResourceBuilder<ProjectResource> ListenOn(this IResourceBuilder<ProjectResource> project, int port) =>
        project.WithEndpoint("http", endpoint =>
        {
            endpoint.Port = port;
            endpoint.TargetPort = port;
            endpoint.TargetHost = Loopback;
            endpoint.IsProxied = false;
        });

    /// <summary>Runs the built project itself: <c>dotnet run</c> would ask MSBuild first, and stay.</summary>
    private static IResourceBuilder<ProjectResource> RunAsBuilt(this IResourceBuilder<ProjectResource> project)
    {
        var configuration = project.ApplicationBuilder.Configuration;
        var source = project.Resource.GetProjectMetadata().ProjectPath;
        var name = Path.GetFileNameWithoutExtension(source);
        var program = Path.Combine(
            AppContext.BaseDirectory.Replace(typeof(RunMode).Assembly.GetName().Name!, name, StringComparison.Ordinal), $"{name}.dll");

        // An IDE that debugs, and dotnet watch, start projects their own way.
        var isStartedOtherwise = configuration["DEBUG_SESSION_PORT"] is { Length: > 0 } || configuration.GetValue<bool>("DOTNET_WATCH");
        return isStartedOtherwise || !File.Exists(program)
            ? project
            : project.WithAnnotation(new ExecutableAnnotation { Command = "dotnet", WorkingDirectory = Path.GetDirectoryName(source)! })
                .WithArgs(program);
    }
}
