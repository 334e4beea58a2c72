using System.Runtime.CompilerServices;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Says that something changed, to any number of pages, however often it does.</summary>
/// <param name="time">The clock.</param>
public sealed class ChangeSignal(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private TaskCompletionSource _next = New();

    /// <summary>
    /// Comes back at once, then after every change, but no more than four times a second: changes in between are one. Ends without
    /// an exception when cancelled.
    /// </summary>
    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // Taken before the reader looks, so that what changes while it looks brings it back.
            var next = Volatile.Read(ref _next).Task;
            yield return true;
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await next.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
