using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

internal sealed class TestPhase(string name, Func<int, CancellationToken, Task> work, string? after = null) : StartupPhase
{
    private int _attempts;

    public override string Name => name;

    public override string? After => after;

    public override StartupPhasePolicy Policy => Limits;

    public override string? SkipReason => Skip;

    public StartupPhasePolicy Limits { get; init; } = StartupPhasePolicy.Default;

    public string? Skip { get; init; }

    public int Attempts => _attempts;

    public int TimedOut { get; private set; }

    public static TestPhase Succeeding(string name, string? after = null) => new(name, (_, _) => Task.CompletedTask, after);

    protected internal override void OnTimedOut() => TimedOut++;

    protected internal override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken) =>
        work(Interlocked.Increment(ref _attempts), cancellationToken);
}
