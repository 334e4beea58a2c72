namespace ProSaas.Api.Startup;

/// <summary>Events 100-112 are an interface: operators' scripts search for their texts.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "🔥 Agent warmup waiting for migrations to complete...")]
    public static partial void Waiting(ILogger logger);

    [LoggerMessage(101, LogLevel.Information, "🔒 Migrations complete - warmup can now proceed")]
    public static partial void Open(ILogger logger);

    [LoggerMessage(102, LogLevel.Error, "❌ Agent warmup timeout waiting for migrations")]
    public static partial void TimedOut(ILogger logger);

    [LoggerMessage(103, LogLevel.Warning, "⚠️ Skipping agent warmup in production due to timeout")]
    public static partial void SkippingInProduction(ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "⚠️ Note: Migrations may still be running. First requests may be slower.")]
    public static partial void MigrationsMayStillRun(ILogger logger);

    [LoggerMessage(105, LogLevel.Error, "❌ MIGRATION FAILED")]
    public static partial void MigrationFailed(ILogger logger);

    [LoggerMessage(120, LogLevel.Error, "The worker's run {Run} failed with {ErrorType}; its own log says why")]
    public static partial void MigrationFailure(ILogger logger, long run, string errorType);

    [LoggerMessage(121, LogLevel.Debug, "The schema cannot be read yet")]
    public static partial void SchemaUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(122, LogLevel.Error,
        "The schema was changed in a way that this release cannot use: release {Release} or newer is needed")]
    public static partial void NewerReleaseNeeded(ILogger logger, string release);

    [LoggerMessage(123, LogLevel.Error,
        "ConnectionStrings:prosaasdb is refused in production: its login {Excess}. Use the login prosaas_app that the migration worker makes")]
    public static partial void LoginRefused(ILogger logger, string excess);

    [LoggerMessage(124, LogLevel.Warning, "DISABLE_WARMUP is set but skips nothing: agents are always warmed. Remove the variable")]
    public static partial void DisableWarmupIgnored(ILogger logger);

    [LoggerMessage(125, LogLevel.Warning,
        "RUN_MIGRATIONS_ON_START is set but ConnectionStrings:migrator is not: waiting for migrations that something else runs")]
    public static partial void NoMigratorConnection(ILogger logger);

    [LoggerMessage(126, LogLevel.Error, "The database stopped answering; requests are refused until it is back")]
    public static partial void DatabaseLost(ILogger logger, Exception exception);

    [LoggerMessage(127, LogLevel.Information, "The database answers again")]
    public static partial void DatabaseBack(ILogger logger);

    [LoggerMessage(128, LogLevel.Warning, "A request to {Path} was refused: the database was lost while it was served")]
    public static partial void RequestRefused(ILogger logger, string path, Exception exception);

    [LoggerMessage(129, LogLevel.Error,
        "The schema is no longer at this release's version: {Migration} is missing. Requests are refused until the migration worker has run")]
    public static partial void SchemaGone(ILogger logger, string migration);

    [LoggerMessage(130, LogLevel.Information, "The schema is at this release's version again")]
    public static partial void SchemaFitsAgain(ILogger logger);

    [LoggerMessage(131, LogLevel.Error, "ConnectionStrings:migrator is refused. Allowed: {Allowed}")]
    public static partial void MigratorConnectionRefused(ILogger logger, string allowed);
}
