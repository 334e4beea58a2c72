using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ProSaas.Api.Http;

internal static class ExampleExtensions
{
    /// <summary>Shows an answer in the API's description, as the API writes it.</summary>
    /// <param name="status">The HTTP status that it comes with; the endpoint's types name it.</param>
    public static RouteHandlerBuilder WithExample<T>(this RouteHandlerBuilder endpoint, int status, T answer) =>
        endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            if (operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture)) is { Content: { } content })
            {
                foreach (var body in content.Values.OfType<OpenApiMediaType>())
                {
                    body.Example = JsonSerializer.SerializeToNode(answer, json);
                }
            }

            return Task.CompletedTask;
        });
}
