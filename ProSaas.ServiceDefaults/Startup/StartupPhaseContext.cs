using System.Diagnostics;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>What a running phase tells the pipeline.</summary>
public sealed class StartupPhaseContext
{
    private readonly StartupTimeline _timeline;
    private readonly string _phase;

    internal StartupPhaseContext(StartupTimeline timeline, string phase) => (_timeline, _phase) = (timeline, phase);

    /// <summary>The phase's span, or null when nobody listens; another one after a time limit has passed.</summary>
    public Activity? Span { get; internal set; }

    /// <summary>Shows what the phase waits for; null clears it.</summary>
    public void WaitFor(string? what) =>
        _timeline.Update(_phase, snapshot =>
            string.Equals(snapshot.WaitingFor, what, StringComparison.Ordinal) ? snapshot : snapshot with { WaitingFor = what });

    /// <summary>Shows an error that the phase deals with itself; its type is kept, its message is not.</summary>
    public void ReportError(Exception exception) =>
        _timeline.Update(_phase, snapshot => snapshot with { LastErrorType = StartupTelemetry.ErrorType(exception) });
}
