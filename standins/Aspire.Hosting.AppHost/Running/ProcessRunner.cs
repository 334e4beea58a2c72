using System.Collections;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.Running;

/// <summary>Starts projects and executables.</summary>
internal sealed class ProcessRunner(DistributedApplicationExecutionContext context, IDistributedApplicationBuilder builder, IResourceConsole console, TimeProvider time) : IResourceRunner
{
    /// <summary>Variables that are about the AppHost's own process and would mislead one of its children.</summary>
    private static readonly string[] HostOnly = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_LAUNCH_PROFILE"];

    public async Task<IRunningResource> StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry inherited in Environment.GetEnvironmentVariables())
        {
            environment[(string)inherited.Key] = (string?)inherited.Value ?? "";
        }

        foreach (var name in HostOnly)
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in ((IResourceWithEnvironment)instance.Resource).EvaluateEnvironment(context))
        {
            environment[name] = await ResolveAsync(value, instance, cancellationToken);
        }

        return SupervisedProcess.Start(Spec(instance, environment), (line, isError) => console.Output(instance.Id, line, isError), time);
    }

    private static async ValueTask<string> ResolveAsync(object value, ResourceInstance instance, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        InstancePort port => port.For(instance),
        // A process listens on the port of its own replica, whatever the others are told.
        EndpointReferenceExpression { Property: EndpointProperty.TargetPort } own when ReferenceEquals(own.Endpoint.Resource, instance.Resource) =>
            $"{instance.TargetPorts[own.Endpoint.EndpointName]}",
        IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
        _ => value.ToString() ?? "",
    };

    private ProcessSpec Spec(ResourceInstance instance, Dictionary<string, string> environment) => instance.Resource switch
    {
        ProjectResource project => new ProcessSpec
        {
            FileName = DotnetHost(),
            Arguments = [BuiltAssembly(project), .. LaunchProfile.Of(project, builder.Configuration)?.CommandLineArguments ?? [], .. project.CommandLineArguments()],
            WorkingDirectory = Path.GetDirectoryName(project.Metadata.ProjectPath)!,
            Environment = environment,
        },
        ExecutableResource executable => new ProcessSpec
        {
            FileName = executable.Command,
            Arguments = executable.CommandLineArguments(),
            WorkingDirectory = executable.WorkingDirectory,
            Environment = environment,
        },
        var other => throw new DistributedApplicationException($"this engine cannot start a {other.GetType().Name}: -p:PackageFeed=full does"),
    };

    private string BuiltAssembly(ProjectResource project)
    {
        var projectPath = project.Metadata.ProjectPath;
        var assembly = builder.AppHostAssembly.Metadata($"projectoutput:{projectPath}");
        return assembly is not null && File.Exists(assembly)
            ? assembly
            : throw new DistributedApplicationException($"the project '{projectPath}' is not built: run 'dotnet build' on the AppHost");
    }

    private static string DotnetHost()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }
}
