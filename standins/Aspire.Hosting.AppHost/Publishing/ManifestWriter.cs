using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest that deployment tools read.</summary>
/// <param name="model">The application.</param>
/// <param name="context">Publish mode.</param>
/// <param name="folder">The manifest's folder, where its relative paths start.</param>
internal sealed class ManifestWriter(DistributedApplicationModel model, DistributedApplicationExecutionContext context, string folder)
{
    private readonly List<ParameterResource> _referenced = [];
    private readonly List<ParameterResource> _uriEncoded = [];
    private readonly PublishedPorts _ports = new();

    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            WriteResource(json, resource);
        }

        // What the resources refer to without its being one of them.
        foreach (var parameter in _referenced.Where(parameter => !model.Resources.Contains(parameter)))
        {
            WriteResource(json, parameter);
        }

        // Those whose parameter was written before anything referred to them so.
        foreach (var parameter in _uriEncoded.ToList())
        {
            WriteUriEncoded(json, parameter);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteUriEncoded(Utf8JsonWriter json, ParameterResource parameter)
    {
        if (!_uriEncoded.Remove(parameter))
        {
            return;
        }

        var name = ReferencePart.UriEncodedName(parameter);
        if (model.Resources.Any(resource => resource.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"The manifest needs the name '{name}' for the encoded value of '{parameter.Name}', but a resource has it: rename that resource.");
        }

        json.WriteStartObject(name);
        json.WriteString("type", "annotated.string");
        json.WriteString("value", parameter.ValueExpression);
        json.WriteString("filter", "uri");
        json.WriteEndObject();
    }

    private void WriteResource(Utf8JsonWriter json, IResource resource)
    {
        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ParameterResource parameter:
                ManifestParameter.Write(json, parameter);
                break;
            case ProjectResource project:
                json.WriteString("type", "project.v0");
                json.WriteString("path", Relative(project.Metadata.ProjectPath));
                WriteProcess(json, project);
                break;
            case ContainerResource container:
                WriteContainer(json, container);
                break;
            case ExecutableResource executable:
                json.WriteString("type", "executable.v0");
                json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
                json.WriteString("command", executable.Command);
                WriteProcess(json, executable);
                break;
            case IResourceWithConnectionString value:
                json.WriteString("type", "value.v0");
                WriteConnectionString(json, value);
                break;
            default:
                throw new DistributedApplicationException($"'{resource.Name}', a {resource.GetType().Name}, cannot be written to a manifest by this engine.");
        }

        json.WriteEndObject();
        if (resource is ParameterResource written)
        {
            WriteUriEncoded(json, written);
        }
    }

    private void WriteContainer(Utf8JsonWriter json, ContainerResource container)
    {
        var build = container.Annotations.OfType<DockerfileBuildAnnotation>().LastOrDefault();
        json.WriteString("type", build is null ? "container.v0" : "container.v1");
        if (container is IResourceWithConnectionString connection)
        {
            WriteConnectionString(json, connection);
        }

        if (build is null)
        {
            json.WriteString("image", container.Image());
        }
        else
        {
            json.WriteStartObject("build");
            json.WriteString("context", Relative(build.ContextPath));
            json.WriteString("dockerfile", Relative(build.DockerfilePath));
            if (build.Stage is not null)
            {
                json.WriteString("stage", build.Stage);
            }

            json.WriteEndObject();
        }

        WriteProcess(json, container);
    }

    private void WriteProcess(Utf8JsonWriter json, IResource resource)
    {
        if (resource.CommandLineArguments() is { Count: > 0 } arguments)
        {
            json.WriteStartArray("args");
            foreach (var argument in arguments)
            {
                json.WriteStringValue(argument);
            }

            json.WriteEndArray();
        }

        WriteVolumes(json, [.. resource.Annotations.OfType<ContainerMountAnnotation>()]);
        WriteEnvironment(json, resource.EvaluateEnvironment(context));
        WriteBindings(json, ResolvedEndpoint.Of(resource, _ports));
    }

    private static void WriteVolumes(Utf8JsonWriter json, List<ContainerMountAnnotation> volumes)
    {
        if (volumes.Count == 0)
        {
            return;
        }

        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            if (volume.Source is not null)
            {
                json.WriteString("name", volume.Source);
            }

            json.WriteString("target", volume.Target);
            json.WriteBoolean("readOnly", volume.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteEnvironment(Utf8JsonWriter json, IReadOnlyDictionary<string, object> environment)
    {
        if (environment.Count == 0)
        {
            return;
        }

        json.WriteStartObject("env");
        foreach (var (name, value) in environment)
        {
            Note(value);
            json.WriteString(name, value is IManifestExpressionProvider provider ? provider.ValueExpression : value.ToString());
        }

        json.WriteEndObject();
    }

    private static void WriteBindings(Utf8JsonWriter json, IReadOnlyList<ResolvedEndpoint> endpoints)
    {
        if (endpoints.Count == 0)
        {
            return;
        }

        json.WriteStartObject("bindings");
        foreach (var (endpoint, targetPort, exposedPort) in endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", "tcp");
            json.WriteString("transport", endpoint.Transport);
            if (exposedPort is { } port && port != targetPort)
            {
                json.WriteNumber("port", port);
            }

            if (targetPort is { } target)
            {
                json.WriteNumber("targetPort", target);
            }

            if (endpoint.IsExternal)
            {
                json.WriteBoolean("external", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteConnectionString(Utf8JsonWriter json, IResourceWithConnectionString resource)
    {
        Note(resource.ConnectionStringExpression);
        json.WriteString("connectionString", resource.ConnectionStringExpression.ValueExpression);
    }

    /// <summary>Remembers the parameters that a value refers to, in the order they are met.</summary>
    private void Note(object value)
    {
        switch (value)
        {
            case ParameterResource parameter when !_referenced.Contains(parameter):
                _referenced.Add(parameter);
                break;
            case ReferenceExpression expression:
                foreach (var part in expression.Parts)
                {
                    if (part is { Format: "uri", Provider: ParameterResource parameter } && !_uriEncoded.Contains(parameter))
                    {
                        _uriEncoded.Add(parameter);
                    }

                    if (part.Provider is not null)
                    {
                        Note(part.Provider);
                    }
                }

                break;
        }
    }

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
