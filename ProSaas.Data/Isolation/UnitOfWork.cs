using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProSaas.Data.Isolation;

namespace ProSaas.Data;

/// <summary>
/// The only way to tenant data: one transaction, bound in the database to one business or, named and logged, to the system role.
/// After a transient failure the whole of it is run again, so the work has no effect outside the database.
/// </summary>
public sealed class UnitOfWork(ProSaasDbContext context, ILogger<UnitOfWork> logger)
{
    private const string BecomeSystem = "SET LOCAL ROLE " + DatabaseRoles.System;

    /// <summary>Runs <paramref name="work"/> in a transaction that sees and writes the rows of one business only.</summary>
    /// <param name="businessId">Key of the business; 1 or more.</param>
    /// <param name="work">Saves its changes itself; called again, on an empty change tracker, after a transient failure.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="businessId"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">A unit of work of this context is running, or the work left changes unsaved.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost during the commit.</exception>
    public Task<T> ForBusinessAsync<T>(
        long businessId, Func<ProSaasDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(businessId);
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(
            (database, token) => database.ExecuteSqlAsync($"SELECT set_config('app.business_id', {businessId.ToString()}, true)", token),
            work,
            cancellationToken);
    }

    /// <summary>Runs <paramref name="work"/> in a transaction of the role that sees all businesses.</summary>
    /// <param name="purpose">Why, in a few constant words: "agent warmup".</param>
    /// <param name="work">Saves its changes itself; called again, on an empty change tracker, after a transient failure.</param>
    /// <exception cref="ArgumentException"><paramref name="purpose"/> is empty.</exception>
    /// <exception cref="InvalidOperationException">A unit of work of this context is running, or the work left changes unsaved.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost during the commit.</exception>
    public Task<T> AsSystemAsync<T>(
        string purpose, Func<ProSaasDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        ArgumentNullException.ThrowIfNull(work);
        Audit(purpose);
        return RunAsync((database, token) => database.ExecuteSqlRawAsync(BecomeSystem, token), work, cancellationToken);
    }

    /// <summary>
    /// Runs statements in one round trip and one transaction that sees and writes the rows of one business only. After a transient
    /// failure they are run again, also when the commit may have happened: they do no harm twice.
    /// </summary>
    /// <param name="businessId">Key of the business; 1 or more.</param>
    /// <param name="fill">Adds the statements.</param>
    /// <param name="read">Reads their results, standing at the first.</param>
    /// <param name="readsOnly">Whether the statements change nothing: then no outcome of theirs is unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="businessId"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">A unit of work of this context is running.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost each time, once when the statements may have been run.</exception>
    public Task<T> BatchForBusinessAsync<T>(
        long businessId,
        Action<NpgsqlBatch> fill,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken,
        bool readsOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(businessId);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(read);
        return BatchAsync(("app.business_id", businessId.ToString(CultureInfo.InvariantCulture)), fill, read, readsOnly, cancellationToken);
    }

    /// <summary>As <see cref="BatchForBusinessAsync"/>, in a transaction of the role that sees all businesses.</summary>
    /// <param name="purpose">Why, in a few constant words.</param>
    /// <exception cref="ArgumentException"><paramref name="purpose"/> is empty.</exception>
    /// <inheritdoc cref="BatchForBusinessAsync"/>
    public Task<T> BatchAsSystemAsync<T>(
        string purpose,
        Action<NpgsqlBatch> fill,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken,
        bool readsOnly = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(read);
        Audit(purpose);
        return BatchAsync(("role", DatabaseRoles.System), fill, read, readsOnly, cancellationToken);
    }

    /// <summary>As <see cref="AsSystemAsync"/>, for synchronous callers: data protection reads its keys in such calls.</summary>
    /// <inheritdoc cref="AsSystemAsync"/>
    public T AsSystem<T>(string purpose, Func<ProSaasDbContext, T> work)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        ArgumentNullException.ThrowIfNull(work);
        Audit(purpose);
        RefuseNesting();
        return context.Database.CreateExecutionStrategy().Execute(() =>
        {
            context.ChangeTracker.Clear();
            using var transaction = context.Database.BeginTransaction();
            using var mark = UnitOfWorkMark.Set(transaction.TransactionId);
            context.Database.ExecuteSqlRaw(BecomeSystem);
            var result = work(context);
            RefuseUnsaved();
            try
            {
                transaction.Commit();
            }
            catch (Exception failure) when (CommitOutcomeUnknownException.IsUnknown(failure))
            {
                throw CommitOutcomeUnknownException.Of(failure);
            }

            return result;
        });
    }

    private async Task<T> BatchAsync<T>(
        (string Setting, string Value) bound,
        Action<NpgsqlBatch> fill,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        bool readsOnly,
        CancellationToken cancellationToken)
    {
        RefuseNesting();
        var isUnknown = false;
        try
        {
            return await context.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    await context.Database.OpenConnectionAsync(token);
                    try
                    {
                        return await SendAsync(bound, fill, read, token);
                    }
                    catch (Exception failure) when (!readsOnly && CommitOutcomeUnknownException.IsUnknown(failure))
                    {
                        isUnknown = true;
                        throw;
                    }
                    finally
                    {
                        await context.Database.CloseConnectionAsync();
                    }
                },
                cancellationToken);
        }
        catch (Exception failure) when (isUnknown && failure is not PostgresException)
        {
            throw CommitOutcomeUnknownException.Of(failure);
        }
    }

    private async Task<T> SendAsync<T>(
        (string Setting, string Value) bound,
        Action<NpgsqlBatch> fill,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        // Statements sent together outside a transaction are one of the server's own.
        await using var batch = new NpgsqlBatch((NpgsqlConnection)context.Database.GetDbConnection());
        batch.BatchCommands.Add(BatchStatement.Of("SELECT set_config($1, $2, true)", bound.Setting, bound.Value));
        fill(batch);
        cancellationToken.ThrowIfCancellationRequested();
        await using var results = await batch.ExecuteReaderAsync(cancellationToken);
        await results.NextResultAsync(cancellationToken);
        return await read(results, cancellationToken);
    }

    private Task<T> RunAsync<T>(
        Func<DatabaseFacade, CancellationToken, Task<int>> bind,
        Func<ProSaasDbContext, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        RefuseNesting();
        return context.Database.CreateExecutionStrategy().ExecuteAsync(token => AttemptAsync(bind, work, token), cancellationToken);
    }

    private async Task<T> AttemptAsync<T>(
        Func<DatabaseFacade, CancellationToken, Task<int>> bind,
        Func<ProSaasDbContext, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        using var mark = UnitOfWorkMark.Set(transaction.TransactionId);
        await bind(context.Database, cancellationToken);
        var result = await work(context, cancellationToken);
        RefuseUnsaved();
        await CommitAsync(transaction, cancellationToken);
        return result;
    }

    private static async Task CommitAsync(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (CommitOutcomeUnknownException.IsUnknown(failure))
        {
            // The server may have committed before the answer was lost: to run the work again could do it twice.
            throw CommitOutcomeUnknownException.Of(failure);
        }
    }

    private void Audit(string purpose)
    {
        Log.SystemUnitOfWork(logger, purpose);
        var tags = new ActivityTagsCollection { ["purpose"] = purpose };
        Activity.Current?.AddEvent(new ActivityEvent("prosaas.system_unit_of_work", tags: tags));
    }

    private void RefuseNesting()
    {
        if (context.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException("This context's unit of work is still running: units of work do not nest.");
        }
    }

    private void RefuseUnsaved()
    {
        if (context.ChangeTracker.HasChanges())
        {
            throw new InvalidOperationException("The unit of work left changes unsaved: it saves them itself, before it returns.");
        }
    }
}
