namespace ProSaas.Api.WhatsApp;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages from WhatsApp could not be read; tried again in a second")]
    public static partial void NotRead(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A WhatsApp message was not answered and is tried again: business {Business}, message {Message}")]
    public static partial void NotAnswered(ILogger logger, long business, long message, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The WhatsApp service refuses an answer for good: business {Business}, message {Message}")]
    public static partial void Refused(ILogger logger, long business, long message);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A reply could not be delivered to the WhatsApp service for 24 hours and is given up: business {Business}, message {Message}")]
    public static partial void GaveUp(ILogger logger, long business, long message);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A WhatsApp message failed {Failures} times for itself and is given up; its owner is told: business {Business}, message {Message}")]
    public static partial void Failed(ILogger logger, long business, long message, int failures, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A WhatsApp message is kept without a reply of its own: {Most} of its conversation wait already, business {Business}")]
    public static partial void QueueFull(ILogger logger, long business, int most);

    [LoggerMessage(700, LogLevel.Warning, "Erasures for the WhatsApp service could not be read; tried again within a minute")]
    public static partial void ErasuresNotRead(ILogger logger, Exception exception);

    [LoggerMessage(701, LogLevel.Warning,
        "The WhatsApp service has not confirmed an erasure of business {Business}; tried again within a minute")]
    public static partial void NotErased(ILogger logger, long business, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "WhatsApp connection of business {Business}: {State}")]
    public static partial void SessionChanged(ILogger logger, long business, ConnectionState? state);
}
