using ProSaas.Data.Schema;

namespace ProSaas.Api.Startup;

/// <summary>What the gate knows, for those who ask without looking at the database themselves.</summary>
public sealed class SchemaGateState
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MigrationRun? _lastRun;

    /// <summary>Completes when the schema is at this binary's version; never closes again.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether <see cref="Opened"/> has completed.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>The migration worker's last run as the gate saw it, or null.</summary>
    public MigrationRun? LastRun
    {
        get => _lastRun;
        internal set => _lastRun = value;
    }

    internal void Open() => _opened.TrySetResult();
}
