using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProSaas.Data;

namespace ProSaas.Api.Http;

/// <summary>What the API's description says beyond what the framework finds.</summary>
internal static class OpenApiDescription
{
    /// <summary>The document's name, where there is but one.</summary>
    public const string Name = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.AddSchemaTransformer(DescribeEnum);
        options.AddSchemaTransformer(DescribeText);
        options.AddOperationTransformer(DescribeProblems);
        options.AddDocumentTransformer(JoinLines);
    }

    /// <summary>Query and route parameters of this name are names of an enumeration.</summary>
    public static void AddEnumParameter<TEnum>(this OpenApiOptions options, string name)
        where TEnum : struct, Enum =>
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == name) ?? [])
            {
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. Enum.GetValues<TEnum>().Select(value => (JsonNode)EnumNames.Of(value))],
                };
            }

            return Task.CompletedTask;
        });

    private static Task DescribeEnum(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } names)
        {
            // One component for both: where null is allowed, the member says so.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetValues(names).Cast<object>()
                .Select(value => JsonSerializer.SerializeToNode(value, names, context.JsonTypeInfo.Options)!)];
        }

        return Task.CompletedTask;
    }

    /// <summary>What a converter of ours reads has no type of its own: <see cref="Text.WellFormedTextConverter"/>.</summary>
    private static Task DescribeText(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(string))
        {
            schema.Type ??= JsonSchemaType.Null | JsonSchemaType.String;
        }

        return Task.CompletedTask;
    }

    /// <summary>The problems of a status, by their names.</summary>
    private static Task DescribeProblems(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var types = context.Description.ActionDescriptor.EndpointMetadata.OfType<ProblemMetadata>()
            .SelectMany(metadata => metadata.Types).Distinct();
        foreach (var status in types.GroupBy(type => type.Status.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal))
        {
            if (operation.Responses?.GetValueOrDefault(status.Key) is { } response)
            {
                response.Description = string.Join(", ", status.Select(type => $"`{type.Name}`"));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Where a comment in the code breaks its lines is nothing to those who read the description.</summary>
    private static Task JoinLines(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var schemas = document.Components?.Schemas?.Values.ToList() ?? [];
        var parameters = document.Paths.Values
            .SelectMany(path => path.Operations?.Values.AsEnumerable() ?? [])
            .SelectMany(operation => operation.Parameters ?? []);
        foreach (var described in schemas.Concat(schemas.SelectMany(schema => schema.Properties?.Values.AsEnumerable() ?? []))
            .Concat<IOpenApiDescribedElement>(parameters))
        {
            if (described.Description?.Contains('\n', StringComparison.Ordinal) is true)
            {
                described.Description = string.Join(' ', described.Description.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return Task.CompletedTask;
    }
}
