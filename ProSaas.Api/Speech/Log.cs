namespace ProSaas.Api.Speech;

internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "⚠️ TTS warmup disabled by DISABLE_TTS_WARMUP environment variable")]
    public static partial void Disabled(ILogger logger);
}
