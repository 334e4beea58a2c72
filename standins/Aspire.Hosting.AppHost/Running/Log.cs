using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    public static partial void OutputLine(ILogger logger, string line);

    [LoggerMessage(2, LogLevel.Error, "{Line}")]
    public static partial void ErrorLine(ILogger logger, string line);

    [LoggerMessage(3, LogLevel.Information, "{ResourceId}: {Line}")]
    public static partial void StateChange(ILogger logger, string resourceId, string line);

    [LoggerMessage(4, LogLevel.Information, "{Line}")]
    public static partial void HostLine(ILogger logger, string line);

    [LoggerMessage(5, LogLevel.Error, "{Line}")]
    public static partial void HostError(ILogger logger, string line);
}
