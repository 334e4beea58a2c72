using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ProSaas.Data.Isolation;

/// <summary>Refuses every command of the context outside a unit of work, where it would be bound to no business.</summary>
internal sealed class UnitOfWorkGuard : DbCommandInterceptor
{
    public static readonly UnitOfWorkGuard Instance = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Guard(eventData, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Guard(eventData, result));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Guard(eventData, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Guard(eventData, result));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Guard(eventData, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Guard(eventData, result));

    private static T Guard<T>(CommandEventData eventData, T result)
    {
        // A connection check ("SELECT 1") is EF's own and reads no table.
        if (eventData.CommandSource is CommandSource.Migrations
            || UnitOfWorkMark.Covers(eventData.Context?.Database.CurrentTransaction?.TransactionId))
        {
            return result;
        }

        throw new InvalidOperationException("A database command outside a unit of work: use UnitOfWork.ForBusinessAsync or AsSystemAsync.");
    }
}
