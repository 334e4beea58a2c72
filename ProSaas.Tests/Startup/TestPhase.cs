using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

internal sealed class TestPhase(string name, Func<int, CancellationToken, Task> work, params string[] needs) : StartupPhase
{
    private int _attempts;

    public override string Name => name;

    public override IReadOnlyList<string> Needs => needs;

    public override StartupPhasePolicy Policy => Limits;

    public override string? SkipReason => Skip;

    public StartupPhasePolicy Limits { get; init; } = StartupPhasePolicy.Default;

    public string? Skip { get; init; }

    public int Attempts => _attempts;

    public int TimedOut { get; private set; }

    public static TestPhase Succeeding(string name, params string[] needs) => new(name, (_, _) => Task.CompletedTask, needs);

    protected internal override void OnTimedOut() => TimedOut++;

    protected internal override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
        => work(Interlocked.Increment(ref _attempts), cancellationToken);
}
