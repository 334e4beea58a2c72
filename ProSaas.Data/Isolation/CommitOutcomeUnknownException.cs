namespace ProSaas.Data;

/// <summary>The connection was lost while a unit of work committed: it may have happened or not, and was not run again.</summary>
public sealed class CommitOutcomeUnknownException(Exception inner)
    : Exception("The connection to the database was lost during a commit: whether it happened is not known.", inner);
