using Microsoft.Extensions.Options;
using Npgsql;

namespace ProSaas.Api.Conversations;

/// <summary>
/// Customers' messages and the turns to answer them. A message is stored before it is answered; the messages of a conversation
/// are answered in the order they came, and each once, whichever replicas they reach. No transaction is open while an answer is
/// being made: who answers holds a lease with a fencing token.
/// </summary>
public sealed class ConversationTurns
{
    /// <summary>A message after this much silence begins a new conversation. As long as WhatsApp's customer service window.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly TurnStore _store;
    private readonly TurnSignals _signals;
    private readonly LeaseRenewal _renewal;
    private readonly TimeSpan _waitTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger<ConversationTurns> _logger;
    private readonly string _process = $"{Environment.MachineName}/{Environment.ProcessId}";

    internal ConversationTurns(
        TurnStore store, TurnSignals signals, LeaseRenewal renewal, IOptions<ConversationOptions> options, TimeProvider time, ILogger<ConversationTurns> logger)
    {
        (_store, _signals, _renewal, _time, _logger) = (store, signals, renewal, time, logger);
        _waitTimeout = options.Value.WaitTimeout;
    }

    /// <summary>
    /// Stores the message and waits for its turn, for <see cref="ConversationOptions.WaitTimeout"/> at most. A turn that was started
    /// is ended by <see cref="CompleteAsync"/> or <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A member of the message is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The message may be stored; with its key it can come again.</exception>
    public async Task<TurnStart> BeginAsync(CustomerMessage message, CancellationToken ct)
    {
        Check(message);
        var request = new Request(message, message.IdempotencyKey ?? $"{Guid.CreateVersion7()}", $"{_process}/{Guid.NewGuid():N}");
        var start = await request.RunAsync(this, ct);
        if (start is TurnStart.Started { Turn: var turn })
        {
            _renewal.Add(turn);
        }

        return start;
    }

    /// <summary>Stores the message, which has a key, and takes no turn: that is for <see cref="BeginAsync"/> with the same message, when it is to be answered.</summary>
    /// <param name="alongside">Written in the same transaction, after the message; also when it was there before.</param>
    /// <exception cref="ArgumentException">A member of the message is out of its range, or it has no key.</exception>
    public Task<StoreOutcome> StoreAsync(CustomerMessage message, NpgsqlBatchCommand alongside, CancellationToken ct)
    {
        Check(message);
        if (string.IsNullOrWhiteSpace(message.IdempotencyKey))
        {
            throw new ArgumentException("The message has a key.", nameof(message));
        }

        ArgumentNullException.ThrowIfNull(alongside);
        return _store.KeepAsync(message, message.IdempotencyKey, alongside, ct);
    }

    /// <summary>
    /// Writes the answer, with the message for the owner and the hand-over that came with it, and ends the turn. Null when the turn was
    /// lost to a later one: then nothing was written. After an exception the turn is still to be released.
    /// </summary>
    public async Task<StoredReply?> CompleteAsync(Turn turn, AgentReply reply, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(reply);
        var stored = await _store.CompleteAsync(turn, reply, ct);
        End(turn);
        return stored;
    }

    /// <summary>Ends the turn without an answer: the message is answered when it comes again, and those after it go on.</summary>
    public async Task ReleaseAsync(Turn turn, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(turn);
        await _store.ReleaseAsync(turn, ct);
        End(turn);
    }

    /// <summary>Renews the turn's lease at once; it is renewed by itself while the turn is open. False when the turn was lost.</summary>
    public Task<bool> RenewAsync(Turn turn, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return _store.RenewAsync(turn, ct);
    }

    private static void Check(CustomerMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.BusinessId < 1 || string.IsNullOrWhiteSpace(message.Customer) || string.IsNullOrWhiteSpace(message.Text))
        {
            throw new ArgumentException("The business is 1 or more, the customer and the text are not blank.", nameof(message));
        }
    }

    private void End(Turn turn)
    {
        _renewal.Remove(turn);
        _signals.Signal(turn.ConversationId);
    }

    /// <summary>One message on its way to its turn.</summary>
    private sealed class Request(CustomerMessage message, string key, string owner)
    {
        // Until the database has said otherwise.
        private bool _isNew = true;
        private long _conversationId;

        public async Task<TurnStart> RunAsync(ConversationTurns turns, CancellationToken ct)
        {
            TurnStart? start = null;
            try
            {
                return start = await WaitAsync(turns, ct);
            }
            finally
            {
                if (start is null or TurnStart.Busy or TurnStart.BusinessInactive or TurnStart.ChannelDisabled)
                {
                    await AbandonAsync(turns);
                }
            }
        }

        private async Task<TurnStart> WaitAsync(ConversationTurns turns, CancellationToken ct)
        {
            var since = turns._time.GetTimestamp();
            if (await StoreAsync(turns, ct) is not { } look)
            {
                return new TurnStart.BusinessUnknown();
            }

            if (look.Decide(message) is { } start)
            {
                return start;
            }

            _conversationId = look.ConversationId;
            using var seat = turns._signals.Enter(_conversationId);
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var left = turns._waitTimeout - turns._time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                {
                    return new TurnStart.Busy();
                }

                await seat.WaitAsync(pause < left ? pause : left, ct);
                if (await turns._store.LookAsync(message, key, owner, ct) is not { } next)
                {
                    return new TurnStart.BusinessUnknown();
                }

                if (next.Decide(message) is { } later)
                {
                    return later;
                }
            }
        }

        private async Task<TurnLook?> StoreAsync(ConversationTurns turns, CancellationToken ct)
        {
            try
            {
                (var look, _isNew) = await turns._store.StoreAsync(message, key, owner, ct);
                return look;
            }
            catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // Another customer's message with this key was first, by a moment.
                (var look, _isNew) = await turns._store.StoreAsync(message, key, owner, ct);
                return look;
            }
        }

        /// <summary>Also when the client has gone: those who wait behind are not to wait for nothing.</summary>
        private async Task AbandonAsync(ConversationTurns turns)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), turns._time);
                await turns._store.AbandonAsync(message, key, owner, leaveQueue: _isNew, limit.Token);
                turns._signals.Signal(_conversationId);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or OperationCanceledException)
            {
                Log.AbandonFailed(turns._logger, exception);
            }
        }
    }
}
