using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

/// <summary>A pipeline on fake time, with the spans it finished.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ActivityListener _listener;
    private readonly StartupTelemetry _telemetry;
    private readonly StartupPipeline _pipeline;
    private readonly Lock _lock = new();
    private readonly List<Activity> _spans = [];

    public PipelineFixture(params StartupPhase[] phases)
        : this(new FakeTimeProvider(DateTimeOffset.UtcNow), phases)
    {
    }

    public PipelineFixture(FakeTimeProvider time, params StartupPhase[] phases)
    {
        Time = time;
        _telemetry = new StartupTelemetry(_services.GetRequiredService<IMeterFactory>());
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _telemetry.Source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_lock)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Timeline = new StartupTimeline(phases);
        _pipeline = new StartupPipeline(phases, Timeline, _telemetry, Outcome, Lifetime, Time, NullLogger<StartupPipeline>.Instance);
    }

    public FakeTimeProvider Time { get; }

    public StartupTimeline Timeline { get; }

    public StartupOutcome Outcome { get; } = new();

    public FakeLifetime Lifetime { get; } = new();

    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (_lock)
            {
                return [.. _spans];
            }
        }
    }

    public Task StartAsync() => _pipeline.StartAsync(CancellationToken.None);

    public Task StopAsync() => _pipeline.StopAsync(CancellationToken.None);

    public StartupPhaseSnapshot Phase(string name) => Timeline.Phases.Single(phase => phase.Name == name);

    public Task UntilAsync(string phase, StartupPhaseState state) =>
        Eventually.TrueAsync(() => Phase(phase).State == state, $"{phase} is {state}");

    public Task AdvanceUntilAsync(TimeSpan step, string phase, StartupPhaseState state) =>
        Eventually.AdvancingAsync(Time, step, () => Phase(phase).State == state, $"{phase} is {state}");

    public async ValueTask DisposeAsync()
    {
        await _pipeline.StopAsync(CancellationToken.None);
        _pipeline.Dispose();
        _listener.Dispose();
        _telemetry.Dispose();
        Lifetime.Dispose();
        await _services.DisposeAsync();
    }
}
