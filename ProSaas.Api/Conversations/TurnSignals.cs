using System.Threading.Channels;

namespace ProSaas.Api.Conversations;

/// <summary>Tells those who wait in this process that a conversation's turn has ended. They look for themselves; what ends elsewhere they see when their pause is over.</summary>
internal sealed class TurnSignals(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<Seat>> _seats = [];

    /// <summary>A place among those who wait; what ends from now on ends its wait.</summary>
    public Seat Enter(long conversationId)
    {
        var seat = new Seat(this, conversationId);
        lock (_lock)
        {
            if (!_seats.TryGetValue(conversationId, out var seats))
            {
                _seats[conversationId] = seats = [];
            }

            seats.Add(seat);
        }

        return seat;
    }

    public void Signal(long conversationId)
    {
        lock (_lock)
        {
            if (_seats.TryGetValue(conversationId, out var seats))
            {
                seats.ForEach(seat => seat.Signal());
            }
        }
    }

    private void Leave(Seat seat, long conversationId)
    {
        lock (_lock)
        {
            var seats = _seats[conversationId];
            seats.Remove(seat);
            if (seats.Count == 0)
            {
                _seats.Remove(conversationId);
            }
        }
    }

    internal sealed class Seat(TurnSignals signals, long conversationId) : IDisposable
    {
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        /// <summary>Returns when a turn has ended since the last call, or after <paramref name="longest"/>.</summary>
        public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
        {
            try
            {
                await _signals.Reader.WaitToReadAsync(ct).AsTask().WaitAsync(longest, signals.Time, ct);
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
