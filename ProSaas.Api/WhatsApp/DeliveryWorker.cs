using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Npgsql;
using ProSaas.Api.Agents;
using ProSaas.Api.Conversations;
using ProSaas.Api.Startup;
using ProSaas.Api.Text;
using ProSaas.Data;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// Answers what came by WhatsApp: each customer's messages one at a time and in order, many customers at once. A reply is made
/// once and delivered at least once, with an id that follows from the customer's message. The conversation's turn is held until the
/// reply is delivered.
/// </summary>
internal sealed class DeliveryWorker(
    DeliveryStore store,
    ConversationTurns turns,
    AgentReplies replies,
    WhatsAppService service,
    WhatsAppTelemetry telemetry,
    SchemaGateState gate,
    TimeProvider time,
    ILogger<DeliveryWorker> logger)
    : BackgroundService
{
    /// <summary>Messages under way at once in a process: they wait for a model most of the time.</summary>
    private const int MostAtOnce = 256;

    private const int MostQueriesAtOnce = 8;

    /// <summary>Tries of a message that fails for itself; each may cost a model's answer.</summary>
    private const int MostFailures = 5;

    /// <summary>
    /// Of a reply, in UTF-16 characters: the service takes 64 KiB, and JSON has up to 6 bytes for one. WhatsApp itself takes more.
    /// </summary>
    private const int MostCharacters = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(long Business, long Id), Task> _underWay = new();
    private readonly ConcurrentDictionary<long, bool> _woken = new();
    private readonly Channel<long> _businesses = Channel.CreateUnbounded<long>();

    /// <summary>Has the business's due messages answered, in the background.</summary>
    public void Wake(long business)
    {
        if (_woken.TryAdd(business, true))
        {
            _businesses.Writer.TryWrite(business);
        }
    }

    /// <summary>WhatsApp shows messages of one id once: the reply to a message has always the same.</summary>
    public static string ReplyId(Delivery delivery) =>
        "3EB0" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.BusinessId}:{delivery.Key}")))[..18];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = MostQueriesAtOnce, CancellationToken = stoppingToken };
        await Task.WhenAll(
            PollAsync(stoppingToken),
            Parallel.ForEachAsync(
                _businesses.Reader.ReadAllAsync(stoppingToken), parallelism, (business, token) => new(BeginDueAsync(business, token))));
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                foreach (var business in await store.FindDueBusinessesAsync(cancellationToken))
                {
                    Wake(business);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotRead(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task BeginDueAsync(long business, CancellationToken cancellationToken)
    {
        // Removed first: what comes while the database is asked is asked for again.
        _woken.TryRemove(business, out _);
        try
        {
            if (MostAtOnce - _underWay.Count is > 0 and var room)
            {
                foreach (var delivery in await store.FindDueAsync(business, room, cancellationToken))
                {
                    Begin(delivery);
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotRead(logger, failure);
        }
    }

    /// <summary>What has begun is not cancelled when the host stops, but waited for.</summary>
    private void Begin(Delivery delivery)
    {
        var done = new TaskCompletionSource();
        var key = (delivery.BusinessId, delivery.Id);
        if (!_underWay.TryAdd(key, done.Task))
        {
            return;
        }

        _ = Task.Run(async () =>
        {
            var hadTurn = false;
            try
            {
                hadTurn = await AnswerAsync(delivery);
            }
            catch (Exception failure)
            {
                // It is due again when the turn's lease has run out.
                Log.NotAnswered(logger, delivery.BusinessId, delivery.Id, failure);
            }

            _underWay.TryRemove(key, out _);
            done.SetResult();
            if (hadTurn)
            {
                Wake(delivery.BusinessId);
            }
        });
    }

    /// <summary>False when it is not the message's turn: it comes up with the next poll.</summary>
    private async Task<bool> AnswerAsync(Delivery delivery)
    {
        Activity? span = null;
        Turn? turn = null;
        string? outcome = null;
        var failed = false;
        try
        {
            if (await turns.TryTakeAsync(delivery.Message, CancellationToken.None) is not { } start)
            {
                return false;
            }

            span = telemetry.Start(delivery);
            turn = start.Turn;
            outcome = turn is null ? "silent" : await DeliverAsync(delivery, turn);
        }
        catch (Exception failure)
        {
            failed = !IsOutage(failure);
            outcome = failed && delivery.Failures + 1 >= MostFailures ? "undeliverable" : null;
            if (outcome is null)
            {
                Log.NotAnswered(logger, delivery.BusinessId, delivery.Id, failure);
            }
            else
            {
                Log.Failed(logger, delivery.BusinessId, delivery.Id, MostFailures, failure);
            }
        }

        if (outcome is null && time.GetUtcNow() - delivery.ReceivedAt > DeliveryStore.GiveUpAfter)
        {
            Log.GaveUp(logger, delivery.BusinessId, delivery.Id);
            outcome = "undeliverable";
        }

        telemetry.End(span, delivery, outcome);
        await (outcome is null
            ? store.PutBackAsync(delivery, turn, Pause(delivery.Attempts), failed, CancellationToken.None)
            : store.SettleAsync(delivery, turn, outcome, CancellationToken.None));
        return true;
    }

    /// <summary>How it ended; null when it is to come again.</summary>
    private async Task<string?> DeliverAsync(Delivery delivery, Turn turn)
    {
        if (await replies.ReplyWithinBudgetAsync(turn, CancellationToken.None) is not { } reply)
        {
            return null;
        }

        if (reply.Text is not { } text)
        {
            return "silent";
        }

        var message = new OutboundMessage(delivery.Sender, WellFormedText.Cut(text, MostCharacters), ReplyId(delivery));
        switch (await service.DeliverAsync(delivery.BusinessId, message, CancellationToken.None))
        {
            case DeliveryResult.Accepted:
                return "answered";
            case DeliveryResult.Refused:
                Log.Refused(logger, delivery.BusinessId, delivery.Id);
                return "undeliverable";
            default:
                return null;
        }
    }

    /// <summary>
    /// Whether it is the database that fails, or the network, and so every message: all but what the database says of this one's own data
    /// (SQLSTATE classes 22 and 23) or of its size (54), and our own mistakes.
    /// </summary>
    private static bool IsOutage(Exception failure) => failure switch
    {
        PostgresException refusal => refusal.SqlState is not (['2', '2' or '3', ..] or ['5', '4', ..]),
        NpgsqlException or CommitOutcomeUnknownException => true,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => failure.InnerException is { } inner && IsOutage(inner),
    };

    private static TimeSpan Pause(int attempts)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
