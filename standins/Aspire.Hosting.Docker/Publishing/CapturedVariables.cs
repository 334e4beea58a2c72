using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>The variables that a Compose file takes from its <c>.env</c> file.</summary>
internal sealed class CapturedVariables
{
    public Dictionary<string, CapturedEnvironmentVariable> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of a parameter, such as <c>${OPENAI_API_KEY}</c>.</summary>
    public string Parameter(ParameterResource parameter) => Capture(ResourceName.AsVariable(parameter.Name), $"Parameter {parameter.Name}", defaultValue: null);

    /// <summary>The image of a resource that is built, such as <c>${PROSAAS_API_IMAGE}</c>.</summary>
    public string Image(IResource resource) =>
        Capture($"{ResourceName.AsVariable(resource.Name)}_IMAGE", $"Container image name for {resource.Name}", $"{resource.Name}:latest");

    /// <summary>The port of a project that says nothing of it, such as <c>${PROSAAS_API_PORT}</c>.</summary>
    public string Port(IResource resource) => Capture($"{ResourceName.AsVariable(resource.Name)}_PORT", $"Default container port for {resource.Name}", "8080");

    private string Capture(string name, string description, string? defaultValue)
    {
        ByName[name] = new CapturedEnvironmentVariable(name, description, defaultValue);
        return $"${{{name}}}";
    }
}
