using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application down for another place to run.</summary>
internal sealed class Publisher(
    IDistributedApplicationBuilder builder, DistributedApplicationModel model, DistributedApplicationExecutionContext context, IServiceProvider services)
{
    private const string ManifestFileName = "aspire-manifest.json";

    private IEnumerable<PublishAnnotation> Environments => model.Resources.SelectMany(resource => resource.Annotations.OfType<PublishAnnotation>());

    private string? OutputPath => builder.Configuration["Pipeline:OutputPath"] ?? builder.Configuration["Publishing:OutputPath"];

    /// <summary>Writes what the command line asks for.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be written, or this engine cannot write it.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (model.Resources.FirstOrDefault(resource => resource.Annotations.OfType<IForComputeEnvironment>().Any()) is { } shaped && !Environments.Any())
        {
            throw new DistributedApplicationException(
                $"Resource '{shaped.Name}' is configured to publish as a Docker Compose service, but there are no 'DockerComposeEnvironmentResource' resources. Ensure you have added one by calling 'AddDockerComposeEnvironment'.");
        }

        try
        {
            switch (builder.Configuration["Publishing:Publisher"])
            {
                case "manifest":
                    await WriteManifestAsync(cancellationToken);
                    break;
                case null:
                    await RunStepAsync(cancellationToken);
                    break;
                case var other:
                    throw new DistributedApplicationException($"The publisher '{other}' is not supported by this engine, which has 'manifest': -p:PackageFeed=full may.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The output path '{OutputPath}' cannot be written: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException(exception.Message);
        }
    }

    private async Task WriteManifestAsync(CancellationToken cancellationToken)
    {
        if (OutputPath is null)
        {
            throw new DistributedApplicationException("The '--output-path [path]' option was not specified even though '--publisher manifest' argument was used.");
        }

        if (model.Resources.FirstOrDefault(resource => resource.Annotations.OfType<PublishAnnotation>().Any()) is { } environment)
        {
            throw new DistributedApplicationException(
                $"The manifest of an application with '{environment.Name}', a compute environment, is not supported by this engine: add the environment only when publishing it.");
        }

        var path = Path.GetFullPath(OutputPath, builder.AppHostDirectory);
        path = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, ManifestFileName);
        using var manifest = new MemoryStream();
        new ManifestWriter(model, context, Path.GetDirectoryName(path)!).Write(manifest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, manifest.ToArray(), cancellationToken);
    }

    private async Task RunStepAsync(CancellationToken cancellationToken)
    {
        if (builder.Configuration["Pipeline:Step"] is { } step and not "publish")
        {
            throw new DistributedApplicationException($"The step '{step}' is not supported by this engine, which has 'publish': -p:PackageFeed=full may.");
        }

        var environments = Environments.ToList();
        if (environments.Count == 0)
        {
            throw new DistributedApplicationException("There is nothing to publish to: add a compute environment, such as AddDockerComposeEnvironment.");
        }

        if (environments.Count > 1)
        {
            throw new DistributedApplicationException("Several compute environments in one application are not supported by this engine: add one, or publish with -p:PackageFeed=full.");
        }

        await environments[0].PublishAsync(services, Path.GetFullPath(OutputPath ?? "aspire-output", builder.AppHostDirectory), cancellationToken);
    }
}

/// <summary>The resource is a place to publish the application to.</summary>
/// <param name="publishAsync">Writes the files into a folder, which it makes if need be.</param>
internal sealed class PublishAnnotation(Func<IServiceProvider, string, CancellationToken, Task> publishAsync) : IResourceAnnotation
{
    public Func<IServiceProvider, string, CancellationToken, Task> PublishAsync { get; } = publishAsync;
}

/// <summary>Says something of a resource that makes sense in a compute environment alone.</summary>
internal interface IForComputeEnvironment : IResourceAnnotation;
