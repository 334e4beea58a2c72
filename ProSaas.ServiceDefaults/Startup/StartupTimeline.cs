using System.Collections.Immutable;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>The start as it happens: one snapshot a phase, in the order the phases were added. Safe to read at any time.</summary>
public sealed class StartupTimeline
{
    private ImmutableArray<StartupPhaseSnapshot> _phases;

    internal StartupTimeline(IEnumerable<StartupPhase> phases) =>
        _phases = [.. phases.Select(phase =>
            new StartupPhaseSnapshot { Name = phase.Name, Needs = phase.After is { } after ? [after] : [], WaitingFor = phase.After })];

    /// <summary>The phases as they are now.</summary>
    public ImmutableArray<StartupPhaseSnapshot> Phases => _phases;

    internal void Update(string name, Func<StartupPhaseSnapshot, StartupPhaseSnapshot> change) =>
        ImmutableInterlocked.Update(
            ref _phases,
            static (phases, state) =>
                [.. phases.Select(phase => string.Equals(phase.Name, state.name, StringComparison.Ordinal) ? state.change(phase) : phase)],
            (name, change));
}
