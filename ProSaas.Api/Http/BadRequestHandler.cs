using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ProSaas.Api.Http;

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
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = Describe(bad) });
    }

    private static ProblemDetails Describe(BadHttpRequestException bad) => bad.InnerException switch
    {
        EnumNameException { Path: { } path } unknown => Problems.Invalid(path.TrimStart('$', '.'), unknown.Message).ProblemDetails,
        JsonException json => ProblemTypes.MalformedJson.Details(Describe(json)),
        _ => new() { Status = bad.StatusCode },
    };

    private static string Describe(JsonException json) => json switch
    {
        { InnerException: JsonException } => $"It is not valid JSON (line {json.LineNumber + 1}).",
        { Path: { Length: > 1 } path } =>
            $"{path} is unknown, occurs twice, has a value of the wrong type or is no well-formed text (line {json.LineNumber + 1}).",
        _ => "It is not a JSON object.",
    };
}
