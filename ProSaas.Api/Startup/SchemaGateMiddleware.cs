using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Startup;

/// <summary>Refuses requests that could reach the database while it cannot be used: before the gate opened, and when it was lost.</summary>
internal sealed class SchemaGateMiddleware(RequestDelegate next, SchemaGateState gate, DatabaseProbe probe, IProblemDetailsService problems)
{
    private const int RetryAfterSeconds = 2;

    public Task InvokeAsync(HttpContext context)
    {
        if ((gate.IsOpen && probe.IsAnswering) || context.GetEndpoint()?.Metadata.GetMetadata<AvailableBeforeReadyMetadata>() is not null)
        {
            return next(context);
        }

        return gate.IsOpen
            ? RefuseAsync(context, "database-unavailable", "The database does not answer. Try again shortly.")
            : RefuseAsync(context, "starting", "The service is starting and not ready for requests yet. Try again shortly.");
    }

    private async Task RefuseAsync(HttpContext context, string type, string detail)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        var problem = new ProblemDetails
        {
            Type = $"urn:prosaas:problem:{type}",
            Title = "Service unavailable",
            Detail = detail,
            Status = StatusCodes.Status503ServiceUnavailable,
        };
        if (!await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }))
        {
            await context.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", context.RequestAborted);
        }
    }
}
