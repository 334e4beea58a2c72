using Npgsql;

namespace ProSaas.Api.Conversations;

/// <summary>One message on its way to its turn: stored, then waiting until the messages before it have theirs.</summary>
internal sealed class TurnRequest(
    TurnStore store,
    TurnSignals signals,
    TimeSpan waitTimeout,
    TimeProvider time,
    ILogger logger,
    CustomerMessage message,
    string key,
    string owner)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AbandonTimeout = TimeSpan.FromSeconds(5);

    // Until the database has said otherwise.
    private bool _isNew = true;
    private long _conversationId;

    public async Task<TurnStart> RunAsync(CancellationToken cancellationToken)
    {
        TurnStart? start = null;
        try
        {
            return start = await WaitAsync(cancellationToken);
        }
        finally
        {
            if (start is null or { Refusal: TurnRefusal.Busy or TurnRefusal.BusinessInactive or TurnRefusal.ChannelDisabled })
            {
                await AbandonAsync();
            }
        }
    }

    private async Task<TurnStart> WaitAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var (row, outcome) = await StoreAsync(cancellationToken);
        if (outcome is StoreOutcome.QueueFull)
        {
            return new TurnStart(Refusal: TurnRefusal.QueueFull);
        }

        if (TurnRow.Decide(row, message, forDelivery: false) is { } start)
        {
            return start;
        }

        _conversationId = row!.ConversationId!.Value;
        using var waiter = signals.Enter(_conversationId);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var left = waitTimeout - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                return new TurnStart(Refusal: TurnRefusal.Busy);
            }

            await waiter.WaitAsync(pause < left ? pause : left, cancellationToken);
            var next = await store.TakeAsync(message, key, owner, forDelivery: false, cancellationToken);
            if (TurnRow.Decide(next, message, forDelivery: false) is { } later)
            {
                return later;
            }
        }
    }

    private async Task<(TurnRow? Row, StoreOutcome? Outcome)> StoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StoreOnceAsync(cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            // Another customer's message with this key was first, by a moment.
            return await StoreOnceAsync(cancellationToken);
        }
    }

    private async Task<(TurnRow? Row, StoreOutcome? Outcome)> StoreOnceAsync(CancellationToken cancellationToken)
    {
        var stored = await store.StoreAndTakeAsync(message, key, owner, cancellationToken);
        _isNew = stored.Outcome is StoreOutcome.Stored;
        return stored;
    }

    /// <summary>Also when the client has gone: those who wait behind are not to wait for nothing.</summary>
    private async Task AbandonAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(AbandonTimeout, time);
            await store.AbandonAsync(message, key, owner, leaveQueue: _isNew, timeout.Token);
            signals.Signal(_conversationId);
        }
        catch (Exception exception)
        {
            // Its lease ends by itself; what the request failed with is what its client is told.
            Log.AbandonFailed(logger, exception);
        }
    }
}
