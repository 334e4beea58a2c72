using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace ProSaas.Api.Agents.Providers;

/// <summary>
/// The HTTP client to the provider, one for the process: a time limit an attempt, retries where the provider is busy or broken,
/// and a circuit breaker, so that one that is down costs customers no waiting.
/// </summary>
internal sealed class ProviderHttp(ProviderSettings settings, IOptions<AgentOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Attempts at one call, the first included.</summary>
    public const int Attempts = 3;

    /// <summary>A provider that asks for a longer pause is not waited for: somebody is on the phone.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public HttpClient Client { get; } = new(new ResilienceHandler(BuildPipeline(options.Value.AttemptTimeout, time))
    {
        InnerHandler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5)
        },
    })
    {
        BaseAddress = settings.Address,

        // The pipeline has its own, for each attempt.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => Client.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> BuildPipeline(TimeSpan attemptTimeout, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Attempts - 1,
                Delay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // What took too long once would take too long again.
                ShouldHandle = retry =>
                    ValueTask.FromResult(IsFailure(retry.Outcome) && !(RetryAfter(retry.Outcome.Result, time) > LongestPause)),
                DelayGenerator = retry => ValueTask.FromResult(RetryAfter(retry.Outcome.Result, time)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(15),
                ShouldHandle = attempt =>
                    ValueTask.FromResult(IsFailure(attempt.Outcome) || attempt.Outcome.Exception is Polly.Timeout.TimeoutRejectedException),
            })
            .AddTimeout(attemptTimeout)
            .Build();

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException
            || outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        var pause = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
