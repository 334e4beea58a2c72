using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Warmup;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Tests.Startup;

namespace ProSaas.Tests.Speech;

public sealed class SpeechWarmupTests
{
    private readonly FakeLogger<SpeechWarmup> _logger = new();

    [Fact]
    public async Task Without_a_provider_it_is_skipped_with_the_reason()
    {
        await using var fixture = new PipelineFixture(NewPhase(disabled: null));
        await fixture.StartAsync();

        await fixture.UntilAsync("tts_warmup", StartupPhaseState.Skipped);
        fixture.Phase("tts_warmup").Reason.ShouldBe("no speech provider is configured");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("TRUE")]
    [InlineData("1")]
    public async Task Disabled_it_says_so_and_calls_nobody(string value)
    {
        var provider = new FakeSpeechProvider();
        await using var fixture = new PipelineFixture(NewPhase(value, provider));
        await fixture.StartAsync();

        await fixture.UntilAsync("tts_warmup", StartupPhaseState.Skipped);
        _logger.LatestRecord.Message.ShouldBe("⚠️ TTS warmup disabled by DISABLE_TTS_WARMUP environment variable");
        provider.Warmups.ShouldBe(0);
    }

    [Fact]
    public async Task Provider_is_called_once()
    {
        var provider = new FakeSpeechProvider();
        await using var fixture = new PipelineFixture(NewPhase(disabled: "false", provider));
        await fixture.StartAsync();

        await fixture.UntilAsync("tts_warmup", StartupPhaseState.Succeeded);
        provider.Warmups.ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_hangs_is_given_up_and_never_fatal()
    {
        var provider = new FakeSpeechProvider { WarmUp = token => Task.Delay(Timeout.Infinite, token) };
        await using var fixture = new PipelineFixture(NewPhase(disabled: null, provider), TestPhase.Succeeding("gate"));
        await fixture.StartAsync();

        await fixture.AdvanceUntilAsync(TimeSpan.FromSeconds(1), "tts_warmup", StartupPhaseState.Failed);
        fixture.Outcome.ExitCode.ShouldBe(0);
        fixture.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        fixture.Phase("gate").State.ShouldBe(StartupPhaseState.Succeeded);
    }

    [Fact]
    public async Task Provider_is_made_warm_again_after_15_idle_minutes_and_not_before()
    {
        var (time, provider) = (new FakeTimeProvider(), new FakeSpeechProvider());
        var providers = Providers(provider, time);
        using var rewarm = new SpeechRewarm(Configuration(disabled: null), providers, time, new FakeLogger<SpeechRewarm>());
        await rewarm.StartAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMinutes(14));
        await providers.Primary!.SynthesizeAsync(1, Segment, TestContext.Current.CancellationToken);
        await AdvanceAsync(minutes: 14);
        provider.Warmups.ShouldBe(0, "it was used 14 minutes ago");
        await AdvanceAsync(minutes: 1);
        await Eventually.AdvancingAsync(time, TimeSpan.FromSeconds(1), () => provider.Warmups == 1, "it was idle for 15 minutes");
        await AdvanceAsync(minutes: 15);
        await Eventually.AdvancingAsync(time, TimeSpan.FromSeconds(1), () => provider.Warmups == 2, "it was idle for 15 minutes again");
        await rewarm.StopAsync(TestContext.Current.CancellationToken);

        async Task AdvanceAsync(int minutes)
        {
            for (var second = 0; second < minutes * 60; second++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Warmup_that_hangs_or_fails_later_is_given_up_and_tried_again_after_the_next_idle_time()
    {
        var (time, logger) = (new FakeTimeProvider(), new FakeLogger<SpeechRewarm>());
        var provider = new FakeSpeechProvider { WarmUp = token => Task.Delay(Timeout.Infinite, token) };
        using var rewarm = new SpeechRewarm(Configuration(disabled: null), Providers(provider, time), time, logger);
        await rewarm.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.AdvancingAsync(time, TimeSpan.FromSeconds(5), () => logger.Collector.Count == 1, "the first is given up");
        logger.LatestRecord.Message.ShouldContain("could not be warmed up again");
        provider.WarmUp = _ => throw new SpeechFailedException("unavailable", SpeechFailureKind.Transient);
        await Eventually.AdvancingAsync(time, TimeSpan.FromSeconds(5), () => logger.Collector.Count == 2, "the second fails");
        provider.WarmUp = _ => Task.CompletedTask;
        await Eventually.AdvancingAsync(time, TimeSpan.FromSeconds(5), () => logger.Collector.Count == 3, "the third is good");
        logger.LatestRecord.Message.ShouldContain("warmed up again after it was idle");
        await rewarm.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Disabled_or_without_a_provider_nothing_is_made_warm_later_either()
    {
        var (time, provider) = (new FakeTimeProvider(), new FakeSpeechProvider());
        using var disabled = new SpeechRewarm(Configuration("true"), Providers(provider, time), time, new FakeLogger<SpeechRewarm>());
        using var without = new SpeechRewarm(
            Configuration(disabled: null), Providers(provider: null, time), time, new FakeLogger<SpeechRewarm>());

        await disabled.StartAsync(TestContext.Current.CancellationToken);
        await without.StartAsync(TestContext.Current.CancellationToken);

        await disabled.ExecuteTask!;
        await without.ExecuteTask!;
        provider.Warmups.ShouldBe(0);
    }

    private static SpeechSegment Segment { get; } = new("Hello", IsSsml: false, Voice: null, "en-US", Rate: 1, SpeechFormat.Mp3);

    private static IConfiguration Configuration(string? disabled) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["DISABLE_TTS_WARMUP"] = disabled })
        .Build();

    private static SpeechProviders Providers(FakeSpeechProvider? provider, TimeProvider time) =>
        new(provider is null ? null : new ResilientSpeechProvider(provider, Options.Create(new SpeechOptions()), time), Fallback: null);

    private SpeechWarmup NewPhase(string? disabled, FakeSpeechProvider? provider = null) =>
        new(Configuration(disabled), Providers(provider, TimeProvider.System), _logger);
}
