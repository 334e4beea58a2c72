using System.Runtime.InteropServices;

namespace ProSaas.MigrationWorker;

/// <summary>Turns the signals that stop a process into a cancellation, and into the exit code a shell gives for them.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int SignalExitBase = 128;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _exitCode;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, number: 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, number: 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Stop(signal, number: 3)),
    ];

    public CancellationToken Token => _stop.Token;

    /// <summary>128 and the number of the signal that came first; 0 before one.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal, int number)
    {
        signal.Cancel = true;
        Interlocked.CompareExchange(ref _exitCode, SignalExitBase + number, comparand: 0);
        _stop.Cancel();
    }
}
