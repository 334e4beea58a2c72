using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace ProSaas.Api.Speech;

/// <summary>
/// A provider behind what keeps its failures small: a time limit an attempt, a bound on calls at once, retries where they help, and a
/// circuit breaker, so that one that is down costs nobody any waiting. It knows the provider's voices and when it was last used.
/// </summary>
internal sealed class SpeechSource(ISpeechProvider provider, IOptions<SpeechOptions> options, TimeProvider time)
{
    /// <summary>Attempts at one call, the first included.</summary>
    public const int Attempts = 3;

    /// <summary>Calls that may wait for others to end, for each that may run; more are told to come again.</summary>
    private const int WaitingForEach = 16;

    private static readonly TimeSpan VoicesGoodFor = TimeSpan.FromHours(24);

    private readonly ResiliencePipeline _pipeline = BuildPipeline(provider, options.Value.AttemptTimeout, time);
    private readonly Lock _lock = new();
    private Task<IReadOnlyList<SpeechVoice>>? _listing;
    private VoiceList? _voices;
    private long _lastUse = time.GetTimestamp();

    public string Name => provider.Name;

    /// <summary>Since when nothing was asked of it that succeeded.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    public string? MissingFor(SpeechFormat format, double rate) => provider.MissingFor(format, rate);

    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await provider.WarmUpAsync(cancellationToken);
        NoteUse();
        await VoicesAsync(cancellationToken);
    }

    /// <summary>All voices; asked for once a day.</summary>
    /// <exception cref="SpeechFailedException">They could not be asked for.</exception>
    public async ValueTask<IReadOnlyList<SpeechVoice>> VoicesAsync(CancellationToken cancellationToken)
    {
        if (Kept() is { } kept)
        {
            return kept;
        }

        Task<IReadOnlyList<SpeechVoice>> listing;
        lock (_lock)
        {
            listing = _listing is { IsCompleted: false } ? _listing : _listing = ListAsync();
        }

        return await listing.WaitAsync(cancellationToken);
    }

    /// <summary>The voice that speaks a language when none is named.</summary>
    /// <returns>The name, null to leave it to the provider, and whether the language is spoken at all.</returns>
    public async ValueTask<(string? Name, bool IsSpoken)> DefaultVoiceAsync(string language, CancellationToken cancellationToken)
    {
        var voices = await VoicesAsync(cancellationToken);
        var speaking = voices.Where(voice => voice.Speaks(language)).ToList();
        return speaking.Count is 0 ? (null, false) : (provider.DefaultVoice(speaking, language)?.Name, true);
    }

    /// <exception cref="SpeechFailedException">There is no audio.</exception>
    public async Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechPiece piece, CancellationToken cancellationToken)
    {
        var audio = await GuardedAsync(token => provider.SynthesizeAsync(piece, token), cancellationToken);
        NoteUse();
        return audio;
    }

    private IReadOnlyList<SpeechVoice>? Kept() => Volatile.Read(ref _voices) is { } list && time.GetElapsedTime(list.At) < VoicesGoodFor ? list.Voices : null;

    /// <summary>For all who ask meanwhile, whoever of them goes.</summary>
    private async Task<IReadOnlyList<SpeechVoice>> ListAsync()
    {
        if (Kept() is { } kept)
        {
            return kept;
        }

        try
        {
            var voices = await GuardedAsync(provider.ListVoicesAsync, CancellationToken.None);
            Volatile.Write(ref _voices, new VoiceList(voices, time.GetTimestamp()));
            return voices;
        }
        catch (SpeechFailedException) when (Volatile.Read(ref _voices) is { } old)
        {
            // Voices seldom change: yesterday's are better than none.
            return old.Voices;
        }
    }

    private async Task<T> GuardedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (BrokenCircuitException open)
        {
            throw new SpeechFailedException(SpeechFailedException.CircuitOpen, SpeechFailureKind.Lasting, open);
        }
        catch (RateLimiterRejectedException full)
        {
            throw new SpeechFailedException(SpeechFailedException.Busy, SpeechFailureKind.Lasting, full);
        }
        catch (TimeoutRejectedException late)
        {
            throw new SpeechFailedException(SpeechFailedException.TimedOut, SpeechFailureKind.Lasting, late);
        }
    }

    private void NoteUse() => Volatile.Write(ref _lastUse, time.GetTimestamp());

    private static ResiliencePipeline BuildPipeline(ISpeechProvider provider, TimeSpan attemptTimeout, TimeProvider time)
        => new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(attemptTimeout * Attempts)
            .AddConcurrencyLimiter(provider.MaxConcurrency, provider.MaxConcurrency * WaitingForEach)
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Attempts - 1,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // What took too long once would take too long again: somebody is on the phone.
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is SpeechFailedException { Kind: SpeechFailureKind.Transient }),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(15),
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is SpeechFailedException { Kind: not SpeechFailureKind.Refused } or TimeoutRejectedException),
            })
            .AddTimeout(attemptTimeout)
            .Build();

    private sealed record VoiceList(IReadOnlyList<SpeechVoice> Voices, long At);
}
