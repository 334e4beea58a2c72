using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProSaas.Data.Schema;

namespace ProSaas.Data.Migrating;

/// <summary>
/// Brings a database to the schema of this binary: roles, migrations and, where asked, the development seed, under a lock
/// that one migrator holds at a time. A run that was killed at any point is finished by the next one.
/// </summary>
public sealed class DatabaseMigrator(MigratorOptions options, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    private readonly MigratorConnections _connections = new(options, time, logger);

    /// <summary>Returns when the schema is at this binary's version, and seeded where that was asked.</summary>
    /// <exception cref="MigrationFailedException">The run failed; it has been logged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The API's start-up pipeline has opened the phase's span itself.
        using var span = Activity.Current?.OperationName is MigratorTelemetry.Migrate
            ? null
            : MigratorTelemetry.Source.StartActivity(MigratorTelemetry.Migrate);
        try
        {
            await RunUnderLockAsync(cancellationToken);
            Log.MigrationsComplete(logger);
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            MigratorTelemetry.Fail(span, cancelled);
            Log.Cancelled(logger);
            throw;
        }
        catch (Exception failure)
        {
            MigratorTelemetry.Fail(span, failure);
            Log.MigrationFailed(logger);
            if (failure is MigrationFailedException { InnerException: null })
            {
                Log.FailureReason(logger, failure.Message);
            }
            else
            {
                Log.FailureDetail(logger, failure);
            }

            throw failure as MigrationFailedException ?? new MigrationFailedException(failure);
        }
    }

    private async Task RunUnderLockAsync(CancellationToken cancellationToken)
    {
        await using var migrationLock = await MigrationLock.AcquireAsync(_connections, time, logger, cancellationToken);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, migrationLock.Lost);
        try
        {
            await using var connection = await _connections.ConnectAsync(until.Token);
            await RecordedAsync(connection, until.Token);
            migrationLock.ThrowIfLost();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            migrationLock.ThrowIfLost();
            throw;
        }
    }

    private async Task RecordedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var recorder = new MigrationRunRecorder(_connections, options, time, logger);
        var retry = new BusyRetry(time, logger);
        await using var watch = new LockWatch(_connections, options.ApplicationName, time, logger);
        var run = 0L;
        await retry.RunAsync(
            async token => run = await recorder.BeginAsync(connection, Activity.Current?.Id, token),
            () => Activity.Current,
            cancellationToken);
        try
        {
            await MigrateAsync(connection, retry, cancellationToken);
            await retry.RunAsync(
                token => MigrationRunRecorder.SucceedAsync(connection, run, token), () => Activity.Current, cancellationToken);
        }
        catch (Exception failure)
        {
            await recorder.FailAsync(run, failure);
            throw;
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, BusyRetry retry, CancellationToken cancellationToken)
    {
        var before = await SchemaReader.ReadAsync(connection, seedExpected: false, cancellationToken);
        if (before.PredatesFirstRelease)
        {
            throw new MigrationFailedException(
                $"The {_connections.Target} is from before the first release and cannot be migrated; nothing in it was changed. "
                + "Reset it, which deletes its data: in development with the command reset-database of the resource prosaasdb, "
                + "with Compose by 'scripts/dcprod.sh down' and 'docker volume rm prosaasil_postgres-data'.");
        }

        var roles = new DatabaseRoleSetup(_connections, options, time);
        await retry.RunAsync(roles.EnsureAsync, () => Activity.Current, cancellationToken);
        await retry.RunAsync(token => MigrationRunRecorder.GrantAsync(connection, token), () => Activity.Current, cancellationToken);
        if (before.Missing.Count > 0)
        {
            await new MigrationApplier(retry).ApplyAsync(connection, cancellationToken);
        }

        if (options.Seed)
        {
            await new DevelopmentSeed(retry, logger).WriteAsync(connection, cancellationToken);
        }

        var status = await SchemaReader.ReadAsync(connection, options.Seed, cancellationToken);
        if (!status.IsReady)
        {
            throw new MigrationFailedException(status.RequiredRelease is { } release
                ? $"The database needs release {release} or newer."
                : $"The schema is not complete after all: {string.Join(", ", status.Missing)} missing in schema_applied.");
        }
    }
}
