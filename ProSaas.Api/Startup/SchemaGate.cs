using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using ProSaas.Data.Schema;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Startup;

/// <summary>
/// Holds everything back until the database itself says that its schema is at this binary's version. It listens first, then
/// reads, so that nothing is missed in between; a poll every second covers a notification that got lost.
/// </summary>
internal sealed class SchemaGate(
    SchemaGateState state,
    DatabaseProbe probe,
    DatabaseCheckFactory checks,
    ProductionEnvironment environment,
    IOptions<SchemaGateOptions> options,
    StartupOutcome outcome,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SchemaGate> logger) : StartupPhase
{
    public const string PhaseName = "schema_gate";

    private const string TheDatabase = "the database";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What the process does for itself once the gate is open would take the processors from
    /// the requests that waited for it.
    /// </summary>
    private static readonly TimeSpan RequestsFirst = TimeSpan.FromMilliseconds(50);

    private readonly bool _seedExpected = environment.IsDevelopment;
    private bool _notified;
    private bool _hasSchema;
    private string? _excess;
    private long _reportedRun;
    private string? _reportedRelease;

    public override string Name => PhaseName;

    public override StartupPhasePolicy Policy { get; } = new()
    {
        Timeout = options.Value.MigrationTimeout,
        OnTimeout = environment.IsProduction ? StartupTimeoutAction.KeepRunning : StartupTimeoutAction.StopProcess,
    };

    protected override void OnTimedOut()
    {
        Log.TimedOut(logger);
        if (environment.IsProduction)
        {
            Log.SkippingInProduction(logger);
            Log.MigrationsMayStillRun(logger);
        }
    }

    protected override async Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        Log.Waiting(logger);
        context.WaitFor(TheDatabase);
        await using var check = checks.Create("schema gate");
        while (!await IsReadyAsync(check, context, cancellationToken) && _excess is null)
        {
            await WaitForNewsAsync(check, cancellationToken);
        }

        if (_excess is { } excess)
        {
            Log.LoginRefused(logger, excess);
            outcome.Fail(ServiceProcess.ConfigurationExitCode);
            lifetime.StopApplication();
            throw new InvalidOperationException($"The database login {excess}.");
        }

        probe.RecordAnswer();
        state.Admit();
        Log.Open(logger);
        await Task.Delay(RequestsFirst, time, cancellationToken);
        await LinkToMigrationAsync(check, context, cancellationToken);
        state.Open();
    }

    private async Task<bool> IsReadyAsync(DatabaseCheck check, StartupPhaseContext context, CancellationToken cancellationToken)
    {
        try
        {
            _notified = false;
            var status = await check.RunAsync(ReadAsync, ListenAsync, cancellationToken);
            context.WaitFor(Describe(status));
            return status.IsReady;
        }
        catch (Exception exception) when (DatabaseCheck.IsFailure(exception))
        {
            // A schema that cannot be read is not there yet: the database may not be there, may not know the login, may be restarting.
            _hasSchema = false;
            context.ReportError(exception);
            context.WaitFor(TheDatabase);
            Log.SchemaUnreadable(logger, exception);
            return false;
        }
    }

    private async Task<SchemaStatus> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _hasSchema = _hasSchema || await SchemaReader.ExistsAsync(connection, cancellationToken);
        var status = _hasSchema
            ? await ReadSchemaAsync(connection, cancellationToken)
            : await ReadNothingAsync(connection, cancellationToken);
        if (!status.IsReady
            && await ReadRunAsync(connection, cancellationToken) is { State: MigrationRun.Failed } failed && failed.Id != _reportedRun)
        {
            _reportedRun = failed.Id;
            Log.MigrationFailed(logger);
            Log.MigrationFailure(logger, failed.Id, failed.ErrorType ?? "unknown");
        }

        return status;
    }

    // In one round trip: once the last migration is there, requests wait for it.
    private async Task<SchemaStatus> ReadSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(SchemaReader.Query), new(RuntimeLogin.Query) } };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var status = await SchemaReader.ReadAsync(rows, _seedExpected, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await ReadExcessAsync(rows, cancellationToken);
        return status;
    }

    // A login that will be refused is refused before anybody migrates for it.
    private async Task<SchemaStatus> ReadNothingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RuntimeLogin.Query, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await ReadExcessAsync(rows, cancellationToken);
        return SchemaReader.Compare(SchemaReader.Nothing, _seedExpected);
    }

    private async Task ReadExcessAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await rows.ReadAsync(cancellationToken);
        _excess = environment.IsProduction && !await rows.IsDBNullAsync(0, cancellationToken) ? rows.GetString(0) : null;
    }

    private async Task<MigrationRun?> ReadRunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var run = await MigrationRuns.LatestAsync(connection, cancellationToken);
        if (run is not null)
        {
            state.RecordRun(run);
        }

        return run;
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, _) => _notified = true;
        await using var listen = new NpgsqlCommand($"LISTEN {SchemaContract.NotificationChannel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task WaitForNewsAsync(DatabaseCheck check, CancellationToken cancellationToken)
    {
        if (_notified)
        {
            return;
        }

        if (check.Connection is not { } connection)
        {
            await Task.Delay(PollInterval, time, cancellationToken);
            return;
        }

        try
        {
            await connection.WaitAsync(PollInterval, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            Log.SchemaUnreadable(logger, exception);
            check.Drop();
        }
    }

    private string? Describe(SchemaStatus status)
    {
        if (status.IsReady)
        {
            return null;
        }

        if (status.RequiredRelease is not { } release)
        {
            return $"migrations: {status.Missing.Count} missing, first {status.Missing[0]}";
        }

        if (!string.Equals(_reportedRelease, release, StringComparison.Ordinal))
        {
            _reportedRelease = release;
            Log.NewerReleaseNeeded(logger, release);
        }

        return $"release {release} or newer: the schema has moved on";
    }

    private async Task LinkToMigrationAsync(DatabaseCheck check, StartupPhaseContext context, CancellationToken cancellationToken)
    {
        try
        {
            var run = await check.RunAsync(ReadRunAsync, ListenAsync, cancellationToken);
            if (ActivityContext.TryParse(run?.TraceParent, traceState: null, out var migration))
            {
                context.Span?.AddLink(new ActivityLink(migration));
            }
        }
        catch (Exception exception) when (DatabaseCheck.IsFailure(exception))
        {
            Log.SchemaUnreadable(logger, exception);
        }
    }
}
