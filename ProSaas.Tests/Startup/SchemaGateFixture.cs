using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

/// <summary>The schema gate in the pipeline, inside the test's process, over a real database.</summary>
internal sealed class SchemaGateFixture : IAsyncDisposable
{
    private readonly FakeLogger<SchemaGate> _logger = new();
    private readonly DatabaseProbe _probe;

    public SchemaGateFixture(string connectionString, bool production = false, params StartupPhase[] others)
    {
        var environment = new ProductionEnvironment(production ? "Production" : "Development", production, Contradiction: null);
        var checks = new DatabaseCheckFactory(connectionString);
        _probe = new DatabaseProbe(State, checks, TimeProvider.System, NullLogger<DatabaseProbe>.Instance);

        // The gate's own outcome and lifetime; the pipeline has its own, so that a test sees who stopped the process.
        var gate = new SchemaGate(
            State, _probe, checks, environment, Options.Create(new SchemaGateOptions()), Outcome, Lifetime, TimeProvider.System, _logger);
        Pipeline = new PipelineFixture([gate, .. others]);
    }

    public PipelineFixture Pipeline { get; }

    public SchemaGateState State { get; } = new();

    public StartupOutcome Outcome { get; } = new();

    public FakeLifetime Lifetime { get; } = new();

    public IEnumerable<string> Lines(LogLevel level) =>
        _logger.Collector.GetSnapshot().Where(record => record.Level == level).Select(record => record.Message);

    public StartupPhaseSnapshot Phase => Pipeline.Phase(SchemaGate.PhaseName);

    public Task StartAsync() => Pipeline.StartAsync();

    public Task UntilOpenAsync() => State.Opened.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public Task UntilWaitingForAsync(string what) =>
        Eventually.TrueAsync(() => Phase.WaitingFor?.Contains(what, StringComparison.Ordinal) is true, $"the gate waits for {what}");

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        _probe.Dispose();
        Lifetime.Dispose();
    }
}
