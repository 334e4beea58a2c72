using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>What is shown of a failure outside the log: its type, never its message.</summary>
internal static class ErrorType
{
    public const string Abandoned = "abandoned";

    public static string Of(Exception failure)
    {
        var name = failure.GetType().FullName ?? failure.GetType().Name;
        return SqlStateOf(failure) is { } state ? $"{name} {state}" : name;
    }

    /// <summary>The server's code, also where EF has wrapped its error as a transient one; null when there is none.</summary>
    public static string? SqlStateOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: var state })
            {
                return state;
            }
        }

        return null;
    }
}
