using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ProSaas.Data;

namespace ProSaas.Api.Startup;

/// <summary>
/// Refuses requests that could reach the database while it cannot be used: before the gate opened, when it was lost, and when
/// it is lost while they wait for it.
/// </summary>
internal sealed class SchemaGateMiddleware(
    RequestDelegate next,
    SchemaGateState gate,
    DatabaseProbe probe,
    IProblemDetailsService problems,
    ILogger<SchemaGateMiddleware> logger)
{
    private const int RetryAfterSeconds = 2;

    public Task InvokeAsync(HttpContext context)
        => gate.IsShutAgain ? RefuseAsync(context, "schema-changed", "The database has a schema that this release cannot use. Try again shortly.")
            : !gate.IsOpen ? RefuseAsync(context, "starting", "The service is starting and not ready for requests yet. Try again shortly.")
            : !probe.IsAnswering ? RefuseLostAsync(context)
            : ServeAsync(context);

    private async Task ServeAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        using var served = CancellationTokenSource.CreateLinkedTokenSource(aborted);

        // An answer that is on its way may need no database any more.
        await using var registration = probe.Lost.Register(() => CancelUnlessAnswering(context, served));
        context.RequestAborted = served.Token;
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !aborted.IsCancellationRequested && (served.IsCancellationRequested || IsLoss(exception)))
        {
            Log.RequestRefused(logger, context.Request.Path, exception);
            context.Response.Clear();
            context.RequestAborted = aborted;
            await RefuseLostAsync(context);
        }
        catch (CommitOutcomeUnknownException exception) when (!context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            Log.RequestRefused(logger, context.Request.Path, exception);
            context.Response.Clear();
            context.RequestAborted = aborted;
            await RefuseAsync(context, "outcome-unknown", "The database was lost while the change was saved: it may have happened or not. Look before you repeat it.");
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private static void CancelUnlessAnswering(HttpContext context, CancellationTokenSource served)
    {
        if (!context.Response.HasStarted)
        {
            served.Cancel();
        }
    }

    private static bool IsLoss(Exception exception) => exception
        is RetryLimitExceededException
        or NpgsqlException { IsTransient: true }
        or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } or PostgresException { InvariantSeverity: "FATAL" }
        or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } };

    private Task RefuseLostAsync(HttpContext context)
        => RefuseAsync(context, "database-unavailable", "The database cannot be used at the moment. Try again shortly.");

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
