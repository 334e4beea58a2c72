using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>
/// The variables that a Compose file takes from its <c>.env</c> file. Each method captures one and returns its placeholder,
/// such as <c>${OPENAI_API_KEY}</c>.
/// </summary>
internal sealed class CapturedVariables
{
    public Dictionary<string, CapturedEnvironmentVariable> ByName { get; } = new(StringComparer.Ordinal);

    public string Parameter(ParameterResource parameter) => Capture(parameter.Name, $"Parameter {parameter.Name}");

    public string Image(IResource resource) => Capture($"{resource.Name}_IMAGE", $"Container image name for {resource.Name}");

    public string Port(IResource resource) => Capture($"{resource.Name}_PORT", $"Default container port for {resource.Name}");

    public string BindMount(IResource resource, int index, string target) =>
        Capture($"{resource.Name}_BINDMOUNT_{index}", $"Bind mount source for {resource.Name}:{target}");

    /// <summary>A value that only the manifest's expression tells of.</summary>
    public string Expression(IManifestExpressionProvider value) => Capture(value.ValueExpression.Trim('{', '}'), description: null);

    private string Capture(string source, string? description)
    {
        var name = source.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
        ByName[name] = new CapturedEnvironmentVariable(description);
        return $"${{{name}}}";
    }
}
