using Npgsql;

namespace ProSaas.Data;

/// <summary>
/// The connection was lost, or the caller cancelled, while a unit of work committed: it may have happened or not. To a caller that cancelled
/// it comes inside an <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class CommitOutcomeUnknownException(Exception inner) : Exception(Text, inner)
{
    private const string Text = "The connection to the database was lost during a commit: whether it happened is not known.";

    /// <summary>The one that a failure is or holds; null when its outcome is known.</summary>
    public static CommitOutcomeUnknownException? In(Exception failure) => failure as CommitOutcomeUnknownException
        ?? (failure is OperationCanceledException ? failure.InnerException as CommitOutcomeUnknownException : null);

    /// <summary>Whether a statement that commits may have done so: the server has not said that it refused or cancelled it.</summary>
    internal static bool IsUnknown(Exception failure) => failure switch
    {
        PostgresException refusal => refusal.SqlState
            is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.DatabaseDropped,
        OperationCanceledException { InnerException: PostgresException refusal } => IsUnknown(refusal),
        _ => failure is NpgsqlException or OperationCanceledException,
    };

    /// <summary>What to throw instead of a failure.</summary>
    /// <param name="failure">With which the caller is left.</param>
    internal static Exception Of(Exception failure) => failure is OperationCanceledException cancelled
        ? new OperationCanceledException(Text, new CommitOutcomeUnknownException(failure), cancelled.CancellationToken)
        : new CommitOutcomeUnknownException(failure);
}
