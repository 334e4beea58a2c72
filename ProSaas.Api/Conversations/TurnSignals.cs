using System.Threading.Channels;

namespace ProSaas.Api.Conversations;

/// <summary>
/// Wakes those who wait in this process when a conversation's turn has ended.
/// What ends elsewhere they see when their pause is over.
/// </summary>
internal sealed class TurnSignals(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<Waiter>> _waiters = [];

    /// <summary>A place among those who wait; what ends from now on ends its wait.</summary>
    public Waiter Enter(long conversationId)
    {
        var waiter = new Waiter(this, conversationId);
        lock (_lock)
        {
            if (!_waiters.TryGetValue(conversationId, out var waiters))
            {
                _waiters[conversationId] = waiters = [];
            }

            waiters.Add(waiter);
        }

        return waiter;
    }

    public void Signal(long conversationId)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(conversationId, out var waiters))
            {
                waiters.ForEach(waiter => waiter.Signal());
            }
        }
    }

    private void Leave(Waiter waiter, long conversationId)
    {
        lock (_lock)
        {
            var waiters = _waiters[conversationId];
            waiters.Remove(waiter);
            if (waiters.Count == 0)
            {
                _waiters.Remove(conversationId);
            }
        }
    }

    internal sealed class Waiter(TurnSignals signals, long conversationId) : IDisposable
    {
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        /// <summary>Returns when a turn has ended since the last call, or after <paramref name="longest"/>.</summary>
        public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
        {
            try
            {
                await _signals.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(longest, signals.Time, cancellationToken);
                _signals.Reader.TryRead(out _);
            }
            catch (TimeoutException)
            {
                // The pause is over.
            }
        }

        public void Signal() => _signals.Writer.TryWrite(true);

        public void Dispose() => signals.Leave(this, conversationId);
    }

    private TimeProvider Time => time;
}
