using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace ProSaas.Api.Speech.Providers;

/// <summary>
/// A provider behind what keeps its failures small: a timeout for each attempt, a bound on calls at once, retries where they help, and
/// a circuit breaker, so that one that is down keeps nobody waiting. It knows the provider's voices and when it was last used.
/// </summary>
internal sealed class ResilientSpeechProvider(ISpeechProvider provider, IOptions<SpeechOptions> options, TimeProvider time)
{
    /// <summary>Attempts at one call, the first included.</summary>
    private const int Attempts = 3;

    /// <summary>Calls that may wait for others to end, for each that may run; more are told to come again.</summary>
    private const int QueueFactor = 16;

    /// <summary>Whom a call is for, among the pipeline's properties; 0 for the service itself.</summary>
    private static readonly ResiliencePropertyKey<long> BusinessKey = new("business");

    private static readonly TimeSpan VoicesLifetime = TimeSpan.FromHours(24);

    private readonly ResiliencePipeline _pipeline = BuildPipeline(provider, options.Value.AttemptTimeout, time);
    private readonly Lock _lock = new();
    private Task<IReadOnlyList<SpeechVoice>>? _listing;
    private IReadOnlyList<SpeechVoice>? _voices;
    private long _listed;
    private long _lastUse = time.GetTimestamp();

    public string Name => provider.Name;

    /// <summary>How long ago the last call to it succeeded.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <inheritdoc cref="ISpeechProvider.MissingFor"/>
    public string? MissingFor(SpeechFormat format, double rate) => provider.MissingFor(format, rate);

    /// <inheritdoc cref="ISpeechProvider.DefaultVoice"/>
    public SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language) => provider.DefaultVoice(voices, language);

    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await provider.WarmUpAsync(cancellationToken);
        RecordUse();
        await VoicesAsync(cancellationToken);
    }

    /// <summary>All voices; asked for once a day.</summary>
    /// <exception cref="SpeechFailedException">They could not be asked for.</exception>
    public async ValueTask<IReadOnlyList<SpeechVoice>> VoicesAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<SpeechVoice>> listing;
        lock (_lock)
        {
            if (_voices is not null && time.GetElapsedTime(_listed) < VoicesLifetime)
            {
                return _voices;
            }

            listing = _listing is { IsCompleted: false } ? _listing : _listing = ListAsync(_voices);
        }

        return await listing.WaitAsync(cancellationToken);
    }

    /// <param name="businessId">Whose speech it is: a business has half of the places at most, so that others get in.</param>
    /// <exception cref="SpeechFailedException">There is no audio.</exception>
    public async Task<ReadOnlyMemory<byte>> SynthesizeAsync(long businessId, SpeechSegment segment, CancellationToken cancellationToken)
    {
        var audio = await ExecuteAsync(businessId, token => provider.SynthesizeAsync(segment, token), cancellationToken);
        RecordUse();
        return audio;
    }

    /// <summary>For all who ask meanwhile, whoever of them leaves.</summary>
    /// <param name="old">Voices seldom change: yesterday's are better than none.</param>
    private async Task<IReadOnlyList<SpeechVoice>> ListAsync(IReadOnlyList<SpeechVoice>? old)
    {
        try
        {
            var voices = await ExecuteAsync(businessId: 0, provider.ListVoicesAsync, CancellationToken.None);
            lock (_lock)
            {
                (_voices, _listed) = (voices, time.GetTimestamp());
            }

            return voices;
        }
        catch (SpeechFailedException) when (old is not null)
        {
            return old;
        }
    }

    private async Task<T> ExecuteAsync<T>(long businessId, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(BusinessKey, businessId);
        try
        {
            return await _pipeline.ExecuteAsync(async running => await call(running.CancellationToken), context);
        }
        catch (ExecutionRejectedException rejected)
        {
            var reason = rejected switch
            {
                BrokenCircuitException => SpeechFailedException.CircuitOpen,
                RateLimiterRejectedException => SpeechFailedException.Busy,
                _ => SpeechFailedException.TimedOut,
            };
            throw new SpeechFailedException(reason, SpeechFailureKind.Lasting, rejected);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void RecordUse() => Volatile.Write(ref _lastUse, time.GetTimestamp());

    private static ResiliencePipeline BuildPipeline(ISpeechProvider provider, TimeSpan attemptTimeout, TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(attemptTimeout * Attempts)
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = Shares(provider.MaxConcurrency) })
            .AddConcurrencyLimiter(provider.MaxConcurrency, provider.MaxConcurrency * QueueFactor)
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Attempts - 1,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // What took too long once would take too long again: somebody is on the phone.
                ShouldHandle = attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is SpeechFailedException { Kind: SpeechFailureKind.Transient }),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(15),
                ShouldHandle = attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is SpeechFailedException { Kind: not SpeechFailureKind.Refused } or TimeoutRejectedException),
            })
            .AddTimeout(attemptTimeout)
            .Build();

    /// <summary>Half of the places, and of those who may wait, for each business; one that has no calls is forgotten.</summary>
    private static Func<RateLimiterArguments, ValueTask<RateLimitLease>> Shares(int places)
    {
        var share = Math.Max(1, places / 2);
        var limiter = PartitionedRateLimiter.Create<ResilienceContext, long>(context => RateLimitPartition.GetConcurrencyLimiter(
            context.Properties.GetValue(BusinessKey, 0),
            _ => new ConcurrencyLimiterOptions { PermitLimit = share, QueueLimit = share * QueueFactor }));
        return arguments => limiter.AcquireAsync(arguments.Context, permitCount: 1, arguments.Context.CancellationToken);
    }
}
