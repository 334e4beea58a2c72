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
            && !IsUnknown(exception) && StatementTimeout.Is(exception))
        {
            Clear(exception);
            await RefuseAsync(context, ProblemTypes.DatabaseUnavailable,
                "The database took longer than a request may take. Ask for less at once, or try again later.");
        }
        catch (Exception exception) when (!context.Response.HasStarted
            && !aborted.IsCancellationRequested && (served.IsCancellationRequested || IsUnknown(exception) || IsLoss(exception)))
        {
            Clear(exception);
            await (IsUnknown(exception) ? SayUnknownAsync(context) : RefuseLostAsync(context));
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

    /// <summary>Also when the loss was noticed first: what was being saved then is not known to have failed.</summary>
    private static bool IsUnknown(Exception exception) => CommitOutcomeUnknownException.In(exception) is not null;

    private static bool IsLoss(Exception exception) => exception
        is RetryLimitExceededException
        or NpgsqlException { IsTransient: true }
        or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } or PostgresException { InvariantSeverity: "FATAL" }
        or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } };

    private static Task RefuseLostAsync(HttpContext context) =>
        RefuseAsync(context, ProblemTypes.DatabaseUnavailable, "The database cannot be used at the moment. Try again shortly.");

    /// <summary>Without <c>Retry-After</c>, which programs take as leave to repeat the request.</summary>
    private static Task SayUnknownAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return ProblemTypes.OutcomeUnknown.Because(
            "The database was lost while the change was saved: it may have happened or not. Check before you repeat it; with the same Idempotency-Key, where the request had one, it can be repeated at once.")
            .ExecuteAsync(context);
    }

    private static Task RefuseAsync(HttpContext context, ProblemType type, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return type.Because(context.Response, RetryAfter, detail).ExecuteAsync(context);
    }
}
