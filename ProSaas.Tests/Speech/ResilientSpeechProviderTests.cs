using Microsoft.Extensions.Options;
using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Tests.Speech;

/// <summary>What keeps a provider's failures small, on fake time.</summary>
public sealed class ResilientSpeechProviderTests
{
    private static readonly SpeechSegment Segment = new("Hello", IsSsml: false, Voice: null, "en-US", Rate: 1, SpeechFormat.Mp3);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSpeechProvider _provider = new();
    private readonly ResilientSpeechProvider _resilient;

    public ResilientSpeechProviderTests() => _resilient = New(_provider);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failure_that_may_pass_is_tried_again_twice()
    {
        _provider.Synthesize = (attempt, _) => attempt < 3
            ? throw Failure(SpeechFailureKind.Transient)
            : Task.FromResult<ReadOnlyMemory<byte>>(new byte[7]);

        (await AdvancingAsync(_resilient.SynthesizeAsync(1, Segment, Ct))).Length.ShouldBe(7);
        _provider.Syntheses.ShouldBe(3);
    }

    [Theory]
    [InlineData((int)SpeechFailureKind.Lasting)]
    [InlineData((int)SpeechFailureKind.Refused)]
    public async Task Other_failures_are_not_tried_again(int kind)
    {
        _provider.Synthesize = (_, _) => throw Failure((SpeechFailureKind)kind);

        await FailureOfAsync(_resilient);
        _provider.Syntheses.ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_hangs_is_given_up_after_one_attempts_time()
    {
        _provider.Synthesize = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return default;
        };
        var call = _resilient.SynthesizeAsync(1, Segment, Ct);

        _time.Advance(TimeSpan.FromSeconds(9));
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await Should.ThrowAsync<SpeechFailedException>(() => call)).Reason.ShouldBe(SpeechFailedException.TimedOut);
        _provider.Syntheses.ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_is_down_is_left_alone_for_15_seconds()
    {
        _provider.Synthesize = (_, _) => throw Failure(SpeechFailureKind.Lasting);
        for (var call = 0; call < 10; call++)
        {
            await FailureOfAsync(_resilient);
        }

        (await FailureOfAsync(_resilient)).Reason.ShouldBe(SpeechFailedException.CircuitOpen);
        _provider.Syntheses.ShouldBe(10);

        _provider.Synthesize = (_, _) => Task.FromResult<ReadOnlyMemory<byte>>(new byte[1]);
        _time.Advance(TimeSpan.FromSeconds(16));
        (await _resilient.SynthesizeAsync(1, Segment, Ct)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_provider_refuses_does_not_count_against_it()
    {
        _provider.Synthesize = (_, _) => throw Failure(SpeechFailureKind.Refused);
        for (var call = 0; call < 20; call++)
        {
            await FailureOfAsync(_resilient);
        }

        _provider.Syntheses.ShouldBe(20);
    }

    [Fact]
    public async Task Calls_at_once_are_bounded_and_more_than_can_wait_are_told_to_come_again()
    {
        var (running, most, release) = (0, 0, new TaskCompletionSource());
        var provider = new FakeSpeechProvider
        {
            MaxConcurrency = 2,
            Synthesize = async (_, token) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await release.Task.WaitAsync(token);
                Interlocked.Decrement(ref running);
                return new byte[1];
            },
        };
        var resilient = New(provider);
        var calls = Enumerable.Range(0, 2 + 32).Select(call => resilient.SynthesizeAsync(1 + (call % 2), Segment, Ct)).ToList();

        (await FailureOfAsync(resilient)).Reason.ShouldBe(SpeechFailedException.Busy);
        release.SetResult();
        await Task.WhenAll(calls);
        most.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Business_that_asks_for_all_places_leaves_others_theirs(int places)
    {
        var release = new TaskCompletionSource();
        var provider = new FakeSpeechProvider
        {
            MaxConcurrency = places,
            Synthesize = async (call, token) =>
            {
                if (call <= Math.Max(1, places / 2))
                {
                    await release.Task.WaitAsync(token);
                }

                return new byte[1];
            },
        };
        var resilient = New(provider);
        var flood = Enumerable.Range(0, 200).Select(_ => resilient.SynthesizeAsync(1, Segment, Ct)).ToList();
        flood.Count(call => call.IsFaulted).ShouldBeGreaterThan(0, "it has a share of those who may wait, too");

        var other = resilient.SynthesizeAsync(2, Segment, Ct);
        if (places > 1)
        {
            (await other.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Length.ShouldBe(1);
            provider.Syntheses.ShouldBe((places / 2) + 1);
        }

        release.SetResult();
        (await other.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Length.ShouldBe(1);
        await Should.ThrowAsync<SpeechFailedException>(() => Task.WhenAll(flood));
    }

    [Fact]
    public async Task Voices_are_asked_for_once_a_day_and_old_ones_are_better_than_none()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _resilient.VoicesAsync(Ct).AsTask()));
        _provider.Listings.ShouldBe(1);

        _time.Advance(TimeSpan.FromHours(25));
        _provider.Voices = () => throw Failure(SpeechFailureKind.Lasting);
        (await _resilient.VoicesAsync(Ct)).Count.ShouldBe(2);
        _provider.Listings.ShouldBe(2);
    }

    private static Task<SpeechFailedException> FailureOfAsync(ResilientSpeechProvider resilient) =>
        Should.ThrowAsync<SpeechFailedException>(() => resilient.SynthesizeAsync(1, Segment, Ct));

    private static SpeechFailedException Failure(SpeechFailureKind kind) => new("test", kind);

    private ResilientSpeechProvider New(FakeSpeechProvider provider) => new(provider, Options.Create(new SpeechOptions()), _time);

    private async Task<T> AdvancingAsync<T>(Task<T> call)
    {
        await Eventually.AdvancingAsync(_time, TimeSpan.FromMilliseconds(100), () => call.IsCompleted, "the call ends");
        return await call;
    }
}
