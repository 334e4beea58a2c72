namespace ProSaas.Data.Migrating;

/// <summary>The run failed; it is logged, and recorded where that was possible.</summary>
public sealed class MigrationFailedException : Exception
{
    public MigrationFailedException(Exception cause)
        : base("The migration failed.", cause)
    {
    }

    internal MigrationFailedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>What the connection string must be instead, where it can never do; null for every other failure.</summary>
    public string? AllowedConnection { get; internal init; }
}
