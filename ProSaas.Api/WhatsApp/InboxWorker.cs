using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ProSaas.Api.Agents;
using ProSaas.Api.Startup;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// Answers what came by WhatsApp: each customer's messages one at a time and in order, many customers at once. An answer is made
/// once and handed over at least once, with an id that follows from the customer's message.
/// </summary>
internal sealed class InboxWorker(
    Inbox inbox, CustomerAgents agents, WhatsAppService service, WhatsAppTelemetry telemetry, SchemaGateState gate, TimeProvider time, ILogger<InboxWorker> logger)
    : BackgroundService
{
    /// <summary>Messages under way at once in a process: they wait for a model most of the time.</summary>
    private const int MostAtOnce = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>WhatsApp's own limit for an answer to a customer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(long, long), Task> _underWay = new();

    private int Room => Math.Max(MostAtOnce - _underWay.Count, 0);

    /// <summary>Answers what a business has just got, in the background.</summary>
    public void Wake(long business) => Begin((business, 0), token => ClaimAsync(business, token));

    /// <summary>WhatsApp shows messages of one id once: the answer to a message has always the same.</summary>
    public static string ReplyId(InboxMessage message)
        => "3EB0" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{message.BusinessId}:{message.Key}")))[..18];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                foreach (var business in await inbox.RenewAsync(stoppingToken))
                {
                    await ClaimAsync(business, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotLooked(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ClaimAsync(long business, CancellationToken cancellationToken)
    {
        if (Room is > 0 and var room)
        {
            Begin(await inbox.ClaimAsync(business, room, cancellationToken));
        }
    }

    private void Begin(IReadOnlyList<InboxMessage> messages)
    {
        foreach (var message in messages)
        {
            Begin((message.BusinessId, message.Id), token => AnswerAsync(message, token));
        }
    }

    /// <summary>What has begun is not cancelled when the host stops, but waited for.</summary>
    private void Begin((long, long) key, Func<CancellationToken, Task> act)
    {
        var done = new TaskCompletionSource();
        _underWay[key] = done.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await act(CancellationToken.None);
            }
            catch (Exception failure)
            {
                // It comes up again when its lease has run out.
                Log.NotLooked(logger, failure);
            }
            finally
            {
                _underWay.TryRemove(new(key, done.Task));
                done.SetResult();
            }
        });
    }

    private async Task AnswerAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        using var span = telemetry.Start(message);
        var outcome = await TryAnswerAsync(message, cancellationToken);
        telemetry.End(span, message, outcome);
        if (outcome is null && time.GetUtcNow() - message.ReceivedAt > Patience)
        {
            Log.GaveUp(logger, message.BusinessId, message.Id);
            outcome = "undeliverable";
        }

        if (outcome is not null)
        {
            Begin(await inbox.SettleAsync(message, outcome, Room, cancellationToken));
        }
        else
        {
            await inbox.PutBackAsync(message, Pause(message.Attempts), cancellationToken);
        }
    }

    /// <summary>How it ended; null when it is to come again.</summary>
    private async Task<string?> TryAnswerAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await agents.AnswerAsync(Inbox.ToCustomerMessage(message), cancellationToken);
            if (answer.Text is not { } text)
            {
                return answer.Outcome is AnswerOutcome.Silent ? "silent" : null;
            }

            switch (await service.HandOverAsync(message.BusinessId, new OutboundMessage(message.Sender, text, ReplyId(message)), cancellationToken))
            {
                case HandOver.Taken:
                    return "answered";
                case HandOver.Refused:
                    Log.Refused(logger, message.BusinessId, message.Id);
                    return "undeliverable";
                default:
                    return null;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotAnswered(logger, message.BusinessId, message.Id, failure);
            return null;
        }
    }

    private static TimeSpan Pause(int attempts)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
