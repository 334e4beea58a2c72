using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ProSaas.ServiceDefaults;

/// <summary>A JSON answer of an operational endpoint; never cached.</summary>
public static class OperationalResponse
{
    /// <summary>What operational endpoints answer to: probes ask with either, and get the same status and headers.</summary>
    public static readonly IReadOnlyList<string> Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Answers with the shared body alone.</summary>
    public static IResult Create(int statusCode, OperationalStatus body) =>
        Create(statusCode, body, OperationalJsonContext.Default.OperationalStatus);

    /// <summary>Answers with a body of the caller's type.</summary>
    public static IResult Create<T>(int statusCode, T body, JsonTypeInfo<T> type) => new JsonAnswer<T>(statusCode, body, type);

    private sealed class JsonAnswer<T>(int statusCode, T body, JsonTypeInfo<T> type) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = statusCode;
            response.ContentType = "application/json";
            response.Headers.CacheControl = "no-store";
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
            response.ContentLength = bytes.Length;
            return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
        }
    }
}
