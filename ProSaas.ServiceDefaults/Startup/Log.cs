using Microsoft.Extensions.Logging;

namespace ProSaas.ServiceDefaults.Startup;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Startup phase {Phase} skipped: {Reason}")]
    public static partial void PhaseSkipped(ILogger logger, string phase, string reason);

    [LoggerMessage(2, LogLevel.Information, "Startup phase {Phase} stopped before it was done")]
    public static partial void PhaseStopped(ILogger logger, string phase);

    [LoggerMessage(3, LogLevel.Error, "Startup phase {Phase} failed")]
    public static partial void PhaseFailed(ILogger logger, string phase, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Startup phase {Phase}: attempt {Attempt} of {Attempts} failed, next in {Seconds:0.0} s")]
    public static partial void Retrying(ILogger logger, string phase, int attempt, int attempts, double seconds, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Startup phase {Phase} failed; trying again every {Seconds:0} s in the background")]
    public static partial void RetryingInBackground(ILogger logger, string phase, double seconds, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Startup phase {Phase} failed again")]
    public static partial void RetryFailed(ILogger logger, string phase, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "Startup finished {Seconds:0.0} s after the process began")]
    public static partial void Ready(ILogger logger, double seconds);

    [LoggerMessage(8, LogLevel.Warning, "Production rules hold: {Contradiction}")]
    public static partial void Contradiction(ILogger logger, string contradiction);
}
