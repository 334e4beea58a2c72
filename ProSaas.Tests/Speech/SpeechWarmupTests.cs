using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Testing;
using ProSaas.Api.Speech;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Tests.Startup;

namespace ProSaas.Tests.Speech;

public sealed class SpeechWarmupTests
{
    private readonly FakeLogger<SpeechWarmup> _logger = new();

    [Fact]
    public async Task Without_a_provider_it_is_skipped_with_the_reason()
    {
        await using var harness = new PipelineHarness(NewPhase(disabled: null));
        await harness.StartAsync();

        await harness.UntilAsync("tts_warmup", StartupPhaseState.Skipped);
        harness.Phase("tts_warmup").Reason.ShouldBe("no speech provider is configured");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("TRUE")]
    [InlineData("1")]
    public async Task Disabled_it_says_so_and_calls_nobody(string value)
    {
        var provider = new FakeProvider(_ => Task.CompletedTask);
        await using var harness = new PipelineHarness(NewPhase(value, provider));
        await harness.StartAsync();

        await harness.UntilAsync("tts_warmup", StartupPhaseState.Skipped);
        _logger.LatestRecord.Message.ShouldBe("⚠️ TTS warmup disabled by DISABLE_TTS_WARMUP environment variable");
        provider.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Provider_is_called_once()
    {
        var provider = new FakeProvider(_ => Task.CompletedTask);
        await using var harness = new PipelineHarness(NewPhase(disabled: "false", provider));
        await harness.StartAsync();

        await harness.UntilAsync("tts_warmup", StartupPhaseState.Succeeded);
        provider.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_hangs_is_given_up_and_never_fatal()
    {
        var provider = new FakeProvider(token => Task.Delay(Timeout.Infinite, token));
        await using var harness = new PipelineHarness(NewPhase(disabled: null, provider), TestPhase.Succeeding("gate"));
        await harness.StartAsync();

        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(1), "tts_warmup", StartupPhaseState.Failed);
        harness.Outcome.ExitCode.ShouldBe(0);
        harness.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        harness.Phase("gate").State.ShouldBe(StartupPhaseState.Succeeded);
    }

    private SpeechWarmup NewPhase(string? disabled, params ISpeechProvider[] providers)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["DISABLE_TTS_WARMUP"] = disabled })
            .Build();
        return new SpeechWarmup(configuration, providers, _logger);
    }

    private sealed class FakeProvider(Func<CancellationToken, Task> call) : ISpeechProvider
    {
        public int Calls { get; private set; }

        public Task WarmUpAsync(CancellationToken cancellationToken)
        {
            Calls++;
            return call(cancellationToken);
        }
    }
}
