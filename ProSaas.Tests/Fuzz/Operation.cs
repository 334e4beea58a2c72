namespace ProSaas.Tests.Fuzz;

/// <summary>An operation of <c>docs/openapi.json</c>.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Parameters">Name, where it stands (<c>path</c>, <c>query</c>, <c>header</c>) and the values it may have, where they are few.</param>
/// <param name="Body">Schema of the JSON body; null without one.</param>
/// <param name="Example">A body that is right.</param>
/// <param name="Statuses">Those it is described with.</param>
internal sealed record Operation(
    string Method,
    string Path,
    IReadOnlyList<(string Name, string In, IReadOnlyList<string> Values)> Parameters,
    JsonElement? Body,
    JsonElement? Example,
    IReadOnlyList<int> Statuses)
{
    private static readonly JsonElement Document = JsonDocument.Parse(
        File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs", "openapi.json"))).RootElement;

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. from path in Document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select Read(operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    /// <summary>The schema itself where another one refers to it; of alternatives the one that is not null.</summary>
    public static JsonElement Resolve(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
            {
                schema = Document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            }
            else if (schema.TryGetProperty("oneOf", out var alternatives))
            {
                schema = alternatives.EnumerateArray().Last();
            }
            else
            {
                return schema;
            }
        }
    }

    public override string ToString() => $"{Method} {Path}";

    private static Operation Read(string method, string path, JsonElement operation)
    {
        JsonElement? body = null;
        JsonElement? example = null;
        if (operation.TryGetProperty("requestBody", out var request))
        {
            var json = request.GetProperty("content").GetProperty("application/json");
            body = Resolve(json.GetProperty("schema"));
            example = json.TryGetProperty("example", out var given) ? given : null;
        }

        return new Operation(
            method,
            path,
            operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(ReadParameter)] : [],
            body,
            example,
            [.. operation.GetProperty("responses").EnumerateObject().Select(one => int.Parse(one.Name, CultureInfo.InvariantCulture))]);
    }

    private static (string Name, string In, IReadOnlyList<string> Values) ReadParameter(JsonElement parameter) => (
        parameter.GetProperty("name").GetString()!,
        parameter.GetProperty("in").GetString()!,
        Resolve(parameter.GetProperty("schema")).TryGetProperty("enum", out var values)
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)]
            : []);
}
