namespace ProSaas.Api.Conversations;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Warning,
        "The turn of message {Message} in conversation {Conversation} was lost: its lease ran out, or it stayed open for too long")]
    public static partial void TurnLost(ILogger logger, long conversation, long message);

    [LoggerMessage(601, LogLevel.Warning,
        "The lease of conversation {Conversation} could not be renewed; tried again with the next renewal")]
    public static partial void RenewalFailed(ILogger logger, long conversation, Exception exception);

    [LoggerMessage(602, LogLevel.Warning, "A request that ended could not give its turn back; its lease runs out instead")]
    public static partial void AbandonFailed(ILogger logger, Exception exception);

    [LoggerMessage(610, LogLevel.Information, "{Conversations} conversations were removed, {Days} days after their last message")]
    public static partial void Removed(ILogger logger, int conversations, int days);

    [LoggerMessage(611, LogLevel.Warning, "Old conversations could not be removed; tried again in a day")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
