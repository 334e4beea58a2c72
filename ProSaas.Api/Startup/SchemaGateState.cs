using ProSaas.Data.Schema;

namespace ProSaas.Api.Startup;

/// <summary>What the gate knows, for those who do not query the database themselves.</summary>
internal sealed class SchemaGateState
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOpen;
    private volatile bool _isShut;
    private volatile MigrationRun? _lastFailure;

    /// <summary>Completes when the gate has opened for the first time, a moment after <see cref="IsOpen"/>.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether the schema is at this binary's version; false again while something has taken it away since.</summary>
    public bool IsOpen => _isOpen && !_isShut;

    /// <summary>Whether the schema was changed, after the opening, into one that this binary cannot use.</summary>
    public bool IsShutAgain => _isShut;

    /// <summary>
    /// The migration worker's last run that failed, until one has succeeded after it;
    /// a run that is under way takes nothing back.
    /// </summary>
    public MigrationRun? LastFailure => _lastFailure;

    public void RecordRun(MigrationRun run) =>
        _lastFailure = run.State switch
        {
            MigrationRun.Failed => run,
            MigrationRun.Succeeded => null,
            _ => _lastFailure,
        };

    /// <summary>Lets requests in; what the process has to do for itself waits for <see cref="Open"/>.</summary>
    public void Admit() => _isOpen = true;

    public void Open()
    {
        Admit();
        _opened.TrySetResult();
    }

    public void ShutAgain(bool isShut) => _isShut = isShut;
}
