using Microsoft.Extensions.Logging;

namespace ProSaas.Data.Migrating;

/// <summary>The first two texts are an interface: operators' scripts search for them.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "🔒 Migrations complete")]
    public static partial void MigrationsComplete(ILogger logger);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "❌ MIGRATION FAILED")]
    public static partial void MigrationFailed(ILogger logger);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Error, Message = "The migration run ended with an exception")]
    public static partial void FailureDetail(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Error, Message = "The migration run ended: {Reason}")]
    public static partial void FailureReason(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 2104,
        Level = LogLevel.Warning,
        Message = "The migration run was cancelled; the next run goes on where it stopped")]
    public static partial void Cancelled(ILogger logger);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "Waiting for {Target} ({ErrorType})")]
    public static partial void WaitingForDatabase(ILogger logger, string target, string errorType);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Information, Message = "Created database {Database}")]
    public static partial void DatabaseCreated(ILogger logger, string database);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Warning, Message = "Could not create database {Database} ({ErrorType})")]
    public static partial void DatabaseNotCreated(ILogger logger, string database, string errorType);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Information, Message = "Another migrator is at work: waiting for it")]
    public static partial void WaitingForOtherMigrator(ILogger logger);

    [LoggerMessage(EventId = 2109, Level = LogLevel.Warning, Message = "The failure could not be recorded in migration_runs ({ErrorType})")]
    public static partial void FailureNotRecorded(ILogger logger, string errorType);

    [LoggerMessage(EventId = 2110, Level = LogLevel.Warning, Message = "A table is busy: attempt {Attempt} gave its lock up ({ErrorType})")]
    public static partial void TableBusy(ILogger logger, int attempt, string errorType);

    [LoggerMessage(
        EventId = 2113,
        Level = LogLevel.Warning,
        Message = "The migration waits for a lock on {Relation}, held by {Holder}. It goes on when that ends by itself or is ended")]
    public static partial void LockHeld(ILogger logger, string relation, string holder);

    [LoggerMessage(EventId = 2114, Level = LogLevel.Information, Message = "Who holds a lock will not be told ({ErrorType})")]
    public static partial void HoldersUnknown(ILogger logger, string errorType);

    [LoggerMessage(EventId = 2111, Level = LogLevel.Information, Message = "Seeded {Count} businesses")]
    public static partial void Seeded(ILogger logger, long count);
}
