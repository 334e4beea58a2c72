namespace ProSaas.Api.Speech;

internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "⚠️ TTS warmup disabled by DISABLE_TTS_WARMUP environment variable")]
    public static partial void Disabled(ILogger logger);

    [LoggerMessage(301, LogLevel.Information, "Speech provider {Provider} warmed up again after it was idle")]
    public static partial void Rewarmed(ILogger logger, string provider);

    [LoggerMessage(302, LogLevel.Warning, "Speech provider {Provider} could not be warmed up again; tried again after the next idle time")]
    public static partial void RewarmFailed(ILogger logger, string provider, Exception exception);

    [LoggerMessage(303, LogLevel.Warning, "The local voice spoke in place of {Provider}: {Reason}")]
    public static partial void FellBack(ILogger logger, string provider, string reason);

    [LoggerMessage(304, LogLevel.Warning, "Nobody could speak: {Reason}")]
    public static partial void NobodySpoke(ILogger logger, string reason, Exception exception);

    [LoggerMessage(305, LogLevel.Warning, "Speech broke off after a part of it was sent: {Reason}")]
    public static partial void BrokeOff(ILogger logger, string reason, Exception exception);

    [LoggerMessage(306, LogLevel.Warning, "Characters of business {Business} that were not spoken stay counted for today")]
    public static partial void NotGivenBack(ILogger logger, long business, Exception exception);

    [LoggerMessage(307, LogLevel.Warning, "Google refused the speech credentials; they are read again and the call is retried once")]
    public static partial void CredentialsRefused(ILogger logger);
}
