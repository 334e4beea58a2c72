using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace ProSaas.Api.Requests;

/// <summary>Says what is wrong with a request that could not be read, without the serializer's words, which name our types.</summary>
internal sealed class BadRequestHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }

        var (type, title, detail) = bad switch
        {
            { StatusCode: StatusCodes.Status413PayloadTooLarge } => ("body-too-large", "The body is too large", "Send less at once."),
            { StatusCode: StatusCodes.Status415UnsupportedMediaType } => ("not-json", "The body is not JSON", "Send JSON, with Content-Type: application/json."),
            { InnerException: JsonException json } => ("malformed-json", "The body is not what this endpoint takes", Describe(json)),
            _ => ("malformed-request", "The request cannot be read", "A part of it is missing or malformed; see the API's description at /openapi/v1.json."),
        };
        httpContext.Response.StatusCode = bad.StatusCode;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = Problem.Details(bad.StatusCode, type, title, detail),
        });
    }

    private static string Describe(JsonException json) => json.Path is { Length: > 1 } path
        ? $"{path} is no member of it, or has a value of the wrong kind (line {json.LineNumber + 1})."
        : $"It is no complete JSON object (line {json.LineNumber + 1}).";
}
