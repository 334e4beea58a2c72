using System.Diagnostics;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>
/// The root span <c>startup</c>, begun at the process's start and ended when the service is ready, or with an error when it is
/// late: what comes after that belongs to a new root that links to the old one, so that the first is exported in time.
/// </summary>
internal sealed class StartupTrace(StartupTelemetry telemetry, DateTimeOffset processStart)
{
    private const string RootName = "startup";

    private readonly Lock _lock = new();
    private Activity? _root;
    private bool _begun;
    private bool _late;

    /// <summary>Starts the span of a phase below the current root and makes it current.</summary>
    public Activity? StartPhase(string phase)
    {
        lock (_lock)
        {
            EnsureRoot();
            return _root is null ? null : telemetry.Source.StartActivity($"{RootName}.{phase}", ActivityKind.Internal, _root.Context);
        }
    }

    /// <summary>The service is ready: ends the root.</summary>
    public void Complete() => End(error: null);

    /// <summary>The service is not ready in time: ends the root with an error.</summary>
    public void Miss(string reason) => End(reason);

    private void EnsureRoot()
    {
        if (_begun && !_late)
        {
            return;
        }

        Activity.Current = null;
        ActivityLink[] links = _root is null ? [] : [new ActivityLink(_root.Context)];
        _root = telemetry.Source.StartActivity(
            RootName, ActivityKind.Internal, default(ActivityContext), links: links, startTime: _begun ? default : processStart);
        _begun = true;
        _late = false;
    }

    private void End(string? error)
    {
        lock (_lock)
        {
            if (_root is { IsStopped: false } root)
            {
                if (error is not null)
                {
                    root.SetStatus(ActivityStatusCode.Error, error);
                }

                var current = Activity.Current;
                root.Stop();
                Activity.Current = current;
            }

            _late = _late || error is not null;
        }
    }
}
