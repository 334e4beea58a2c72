using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>Runs a step again while tables are busy: it gives a lock up instead of stopping the traffic that queues behind it.</summary>
internal sealed class BusyRetry(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <param name="step">Leaves nothing behind when it fails.</param>
    /// <param name="span">Gets an event for each retry.</param>
    public async Task RunAsync(Func<CancellationToken, Task> step, Func<Activity?> span, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await step(cancellationToken);
                return;
            }
            catch (Exception busy) when (ErrorType.SqlStateOf(busy)
                is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                MigratorTelemetry.Retry(span(), attempt, busy);
                Log.TableBusy(logger, attempt, ErrorType.Of(busy));
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }
}
