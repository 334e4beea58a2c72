using System.Threading.RateLimiting;

namespace ProSaas.Api.Budgets;

/// <summary>So many of something in a window, for each key. A key that has used nothing for a while is forgotten.</summary>
/// <param name="whose">Who has it, with an article: <c>a customer</c>.</param>
/// <param name="what">What is counted, in the plural.</param>
internal sealed class Budget<TKey>(string whose, string what, int limit, TimeSpan window, TimeProvider time) : IDisposable
    where TKey : notnull
{
    private readonly PartitionedRateLimiter<TKey> _limiter = PartitionedRateLimiter.Create<TKey, TKey>(
        key => RateLimitPartition.GetFixedWindowLimiter(
            key, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = window }));

    /// <summary>Takes one.</summary>
    /// <returns>Null when it was there.</returns>
    public SpentBudget? Take(TKey key) => Acquire(key, permits: 1);

    /// <summary>As <see cref="Take"/>, without taking any.</summary>
    public SpentBudget? Look(TKey key) => Acquire(key, permits: 0);

    public void Dispose() => _limiter.Dispose();

    private SpentBudget? Acquire(TKey key, int permits)
    {
        using var lease = _limiter.AttemptAcquire(key, permits);
        if (lease.IsAcquired)
        {
            return null;
        }

        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : window;
        return new SpentBudget(whose, what, limit, window, retryAfter, time.GetUtcNow() + retryAfter);
    }
}
