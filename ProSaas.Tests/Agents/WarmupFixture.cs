using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using ProSaas.Api.Agents;
using ProSaas.Api.Budgets;
using ProSaas.Api.Conversations;
using ProSaas.Api.Startup;
using ProSaas.Data;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Tests.Startup;

namespace ProSaas.Tests.Agents;

/// <summary>The API's agent warmup over a real database, on fake time, behind a gate that is open.</summary>
internal sealed class WarmupFixture : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly IHost _host;

    public WarmupFixture(string owner, params (string Key, string Value)[] settings)
    {
        Owner = owner;
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Development" });
        builder.Configuration["ConnectionStrings:prosaasdb"] = Database.AsApp(owner);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.AddProvider(new FakeLoggerProvider(Log));
        builder.AddDatabase();
        builder.AddBudgets();
        builder.AddConversations();
        builder.AddAgents();
        builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton<StartupTelemetry>().AddSingleton<SchemaGateState>();
        _host = builder.Build();
        Pipeline = new PipelineFixture(_time, TestPhase.Succeeding("schema_gate"), _host.Services.GetRequiredService<StartupPhase>());
    }

    public string Owner { get; }

    public FakeLogCollector Log { get; } = new();

    public PipelineFixture Pipeline { get; }

    public ProfileCache Profiles => Get<ProfileCache>();

    public AgentRefresh Refresh => Get<AgentRefresh>();

    public WarmupCount Count => _host.Services.GetRequiredService<WarmupProgress>().Current;

    public IEnumerable<string> Lines(LogLevel level) => Log.GetSnapshot().Where(record =>
        record.Level == level && record.Category!.StartsWith("ProSaas.Api.", StringComparison.Ordinal)).Select(record => record.Message);

    public async Task StartAsync()
    {
        await Refresh.StartAsync(CancellationToken.None);
        await Pipeline.StartAsync();
    }

    public Task UntilWarmAsync() => Pipeline.AdvanceUntilAsync(TimeSpan.FromSeconds(1), "agent_warmup", StartupPhaseState.Succeeded);

    public Task UntilLineAsync(LogLevel level, string text) =>
        Eventually.AdvancingAsync(_time, TimeSpan.FromSeconds(1), () =>
            Lines(level).Any(line => line.Contains(text, StringComparison.Ordinal)), $"the log says '{text}'");

    /// <summary>What the warmup reads, once and without making agents of it.</summary>
    public async Task<IReadOnlyList<BusinessProfile>> ReadAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().AsSystemAsync(
            "test",
            async (context, token) => (IReadOnlyList<BusinessProfile>)await BusinessReader.ReadAsync(context, only: null, max: null, token)
                .Select(business => business.Prepare(TimeProvider.System)).ToListAsync(token),
            TestContext.Current.CancellationToken);
    }

    public T Get<T>()
        where T : notnull =>
        _host.Services.GetRequiredService<T>();

    /// <summary>The value of a gauge of the start-up meter now.</summary>
    public int Gauge(string name)
    {
        using var gauge = new MetricCollector<int>(_host.Services.GetRequiredService<IMeterFactory>(), StartupTelemetry.Name, name);
        gauge.RecordObservableInstruments();
        return gauge.LastMeasurement.ShouldNotBeNull().Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Refresh.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
