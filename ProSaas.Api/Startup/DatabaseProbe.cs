using ProSaas.Data.Schema;

namespace ProSaas.Api.Startup;

/// <summary>
/// Asks the database once a second, from the gate's opening on, so that no request has to: the database is answering when it
/// did so within the last two seconds (start-up contract, section 6). It asks for the schema: a breaking migration or a restored
/// database shuts the gate again.
/// </summary>
internal sealed class DatabaseProbe(SchemaGateState gate, DatabaseCheckFactory checks, TimeProvider time, ILogger<DatabaseProbe> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private CancellationTokenSource _lost = new();
    private long _lastAnswer;
    private bool _wasAnswering = true;

    /// <summary>Whether the database answered within the last two seconds. False before the gate opened.</summary>
    public bool IsAnswering => Volatile.Read(ref _lastAnswer) is var last and not 0 && time.GetElapsedTime(last) <= Freshness;

    /// <summary>Cancelled when the database has not answered for two seconds; after its return, another token.</summary>
    public CancellationToken Lost => Volatile.Read(ref _lost).Token;

    /// <inheritdoc />
    public override void Dispose()
    {
        _lost.Dispose();
        base.Dispose();
    }

    /// <summary>Records that the database has just answered somebody else: the gate, when it opens.</summary>
    public void RecordAnswer() => Volatile.Write(ref _lastAnswer, time.GetTimestamp());

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        await using var check = checks.Create("probe");
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await ProbeAsync(check, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ProbeAsync(DatabaseCheck check, CancellationToken cancellationToken)
    {
        try
        {
            var schema = await check.RunAsync((connection, token) =>
                SchemaReader.ReadAsync(connection, seedExpected: false, token), onConnected: null, cancellationToken);
            RecordAnswer();
            RecordSchema(schema);
            if (_lost.IsCancellationRequested)
            {
                Volatile.Write(ref _lost, new CancellationTokenSource());
            }

            if (!_wasAnswering)
            {
                _wasAnswering = true;
                Log.DatabaseBack(logger);
            }
        }
        catch (Exception exception) when (DatabaseCheck.IsFailure(exception))
        {
            checks.ClearPool();
            if (_wasAnswering)
            {
                _wasAnswering = false;
                Log.DatabaseLost(logger, exception);
            }

            if (!IsAnswering)
            {
                await _lost.CancelAsync();
            }
        }
    }

    private void RecordSchema(SchemaStatus schema)
    {
        if (gate.IsShutAgain != schema.IsReady)
        {
            return;
        }

        gate.ShutAgain(!schema.IsReady);
        if (schema.IsReady)
        {
            Log.SchemaFitsAgain(logger);
        }
        else if (schema.RequiredRelease is { } release)
        {
            Log.NewerReleaseNeeded(logger, release);
        }
        else
        {
            Log.SchemaGone(logger, schema.Missing[0]);
        }
    }
}
