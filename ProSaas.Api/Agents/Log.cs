namespace ProSaas.Api.Agents;

/// <summary>Events 200-203 are an interface: operators' scripts search for their texts.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "✅ Migrations complete - starting agent warmup")]
    public static partial void Starting(ILogger logger);

    [LoggerMessage(201, LogLevel.Information, "🔥 WARMUP: Pre-creating agents for active businesses...")]
    public static partial void PreCreating(ILogger logger);

    [LoggerMessage(202, LogLevel.Information, "📊 Found {Businesses} businesses to warm up")]
    public static partial void Found(ILogger logger, int businesses);

    [LoggerMessage(203, LogLevel.Information, "✅ Warmed up {Agents} agents in {Seconds:0.0}s")]
    public static partial void Warmed(ILogger logger, int agents, double seconds);

    [LoggerMessage(220, LogLevel.Error, "The agents of business {Business} could not be made; the others go on")]
    public static partial void BusinessFailed(ILogger logger, long business, Exception exception);

    [LoggerMessage(221, LogLevel.Warning, "{Summary}; the rest is tried again every 30 s")]
    public static partial void SomeCold(ILogger logger, string summary);

    [LoggerMessage(222, LogLevel.Information, "{Summary} after another try")]
    public static partial void RetryDone(ILogger logger, string summary);

    [LoggerMessage(223, LogLevel.Warning, "Businesses to warm again could not be read; next try in 30 s")]
    public static partial void RetryFailed(ILogger logger, Exception exception);

    [LoggerMessage(224, LogLevel.Warning,
        "{Businesses} active businesses do not fit AgentWarmup:MemoryBudget of {Budget} bytes: their agents are made on first use")]
    public static partial void OverBudget(ILogger logger, int businesses, long budget);

    [LoggerMessage(225, LogLevel.Warning,
        "Changes of businesses are not heard of early at the moment; businesses are read anew when they are next used")]
    public static partial void NotListening(ILogger logger, Exception exception);

    [LoggerMessage(240, LogLevel.Warning, "The embedded answerer took over a reply: {Reason}")]
    public static partial void FellBack(ILogger logger, string reason);

    [LoggerMessage(241, LogLevel.Warning,
        "The provider {Provider} answers {Status} to a first request; if it stays, the embedded answerer takes over")]
    public static partial void ProviderRefused(ILogger logger, string provider, int status);

    [LoggerMessage(242, LogLevel.Warning,
        "The provider {Provider} cannot be reached ({Reason}); as long as it stays so, the embedded answerer takes over")]
    public static partial void ProviderUnreachable(ILogger logger, string provider, string reason);

    [LoggerMessage(226, LogLevel.Information, "All agents made anew: {Agents} are warm after {Seconds:0.0}s")]
    public static partial void Rewarmed(ILogger logger, int agents, double seconds);

    [LoggerMessage(243, LogLevel.Error, "An answer broke off after a part of it was sent; nothing of it is kept")]
    public static partial void BrokeOff(ILogger logger, Exception exception);

    [LoggerMessage(244, LogLevel.Warning, "The turn of conversation {Conversation} could not be given back; its lease ends by itself")]
    public static partial void NotReleased(ILogger logger, long conversation, Exception exception);

    [LoggerMessage(245, LogLevel.Information,
        "A message of conversation {Conversation} of business {Business} is kept without a reply: {Whose} has had {Limit} {What}")]
    public static partial void BudgetSpent(ILogger logger, long business, long conversation, string whose, int limit, string what);

    [LoggerMessage(227, LogLevel.Warning, "A reply could not be made for warmup; the first customer's takes longer")]
    public static partial void ReplyWarmupFailed(ILogger logger, Exception exception);
}
