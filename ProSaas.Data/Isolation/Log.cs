using Microsoft.Extensions.Logging;

namespace ProSaas.Data.Isolation;

internal static partial class Log
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "System unit of work: {Purpose}")]
    public static partial void SystemUnitOfWork(ILogger logger, string purpose);
}
