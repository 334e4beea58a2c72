using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ProSaas.Api.Http;
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
    ILogger<SchemaGateMiddleware> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public Task InvokeAsync(HttpContext context) =>
        gate.IsShutAgain
            ? RefuseAsync(context, ProblemTypes.SchemaChanged, "The database has a schema that this release cannot use. Try again shortly.")
            : !gate.IsOpen
            ? RefuseAsync(context, ProblemTypes.Starting, "The service is starting and not ready for requests yet. Try again shortly.")
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
        catch (Exception exception) when (!context.Response.HasStarted && !served.IsCancellationRequested
            && exception is not CommitOutcomeUnknownException && StatementTimeout.Is(exception))
        {
            Clear(exception);
            await RefuseAsync(context, ProblemTypes.DatabaseUnavailable,
                "The database took longer than a request may take. Ask for less at once, or try again later.");
        }
        catch (Exception exception) when (!context.Response.HasStarted
            && !aborted.IsCancellationRequested && (served.IsCancellationRequested || IsLoss(exception)))
        {
            Clear(exception);
            await RefuseLostAsync(context);
        }
        catch (CommitOutcomeUnknownException exception) when (!context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            Clear(exception);
            await RefuseAsync(context, ProblemTypes.OutcomeUnknown,
                "The database was lost while the change was saved: it may have happened or not. Check before you repeat it.");
        }
        finally
        {
            context.RequestAborted = aborted;
        }

        void Clear(Exception exception)
        {
            Log.RequestRefused(logger, context.Request.Path, exception);
            context.Response.Clear();
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

    private static Task RefuseLostAsync(HttpContext context) =>
        RefuseAsync(context, ProblemTypes.DatabaseUnavailable, "The database cannot be used at the moment. Try again shortly.");

    private static Task RefuseAsync(HttpContext context, ProblemType type, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return type.Because(context.Response, RetryAfter, detail).ExecuteAsync(context);
    }
}
