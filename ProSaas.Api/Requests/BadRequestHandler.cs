using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using ProSaas.ServiceDefaults;

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

        httpContext.Response.StatusCode = bad.StatusCode;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = bad.InnerException is JsonException json
                ? Problem.Details(bad.StatusCode, "malformed-json", "The body is not what this endpoint takes", Describe(json))
                : new() { Status = bad.StatusCode },
        });
    }

    private static string Describe(JsonException json) => json switch
    {
        { InnerException: JsonException } => $"It is no valid JSON (line {json.LineNumber + 1}).",
        { Path: { Length: > 1 } path } => $"{path} is no member of it, is there twice, or has a value of the wrong kind (line {json.LineNumber + 1}).",
        _ => "It is no JSON object.",
    };
}
