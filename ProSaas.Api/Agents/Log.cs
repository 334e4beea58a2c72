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

    [LoggerMessage(221, LogLevel.Warning, "{Warm}/{Wanted} agents warm; the rest is tried again every 30 s")]
    public static partial void SomeCold(ILogger logger, int warm, int wanted);

    [LoggerMessage(222, LogLevel.Information, "{Warm}/{Wanted} agents warm after another try")]
    public static partial void RetryDone(ILogger logger, int warm, int wanted);

    [LoggerMessage(223, LogLevel.Warning, "The cold businesses could not be read; next try in 30 s")]
    public static partial void RetryFailed(ILogger logger, Exception exception);
}
