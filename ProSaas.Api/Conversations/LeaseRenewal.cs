using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ProSaas.Api.Conversations;

/// <summary>Renews the leases of this process's open turns, each three times before it would run out.</summary>
internal sealed class LeaseRenewal(TurnStore store, IOptions<ConversationOptions> options, TimeProvider time, ILogger<LeaseRenewal> logger)
    : BackgroundService
{
    /// <summary>A turn open for longer was forgotten: its lease runs out, and the conversation goes on.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(long Conversation, long Token), (Turn Turn, long Since)> _open = new();

    public void Add(Turn turn) => _open[Key(turn)] = (turn, time.GetTimestamp());

    public void Remove(Turn turn) => _open.TryRemove(Key(turn), out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LeaseDuration / 3, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(_open.Values.Select(open => RenewAsync(open.Turn, open.Since, stoppingToken)));
        }
    }

    private async Task RenewAsync(Turn turn, long since, CancellationToken cancellationToken)
    {
        try
        {
            if (time.GetElapsedTime(since) > LongestTurn || !await store.RenewAsync(turn, cancellationToken))
            {
                Remove(turn);
                Log.TurnLost(logger, turn.ConversationId, turn.MessageId);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.RenewalFailed(logger, turn.ConversationId, exception);
        }
    }

    private static (long Conversation, long Token) Key(Turn turn) => (turn.ConversationId, turn.FencingToken);
}
