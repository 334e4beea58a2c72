using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace ProSaas.Testing;

/// <summary>Waits for a condition, with a deadline that names what did not happen.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 60) =>
        TrueAsync(() => Task.FromResult(condition()), what, seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 60)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
            {
                throw new TimeoutException($"Not within {seconds} s: {what}");
            }

            await Task.Delay(Pause, TestRun.CancellationToken);
        }
    }

    /// <summary>Lets fake time pass, step by step, until the condition holds.</summary>
    public static Task AdvancingAsync(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what) =>
        TrueAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                time.Advance(step);
                return false;
            },
            what);
}
