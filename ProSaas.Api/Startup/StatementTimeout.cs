using Npgsql;

namespace ProSaas.Api.Startup;

/// <summary>A statement that took longer than it may, by the driver's clock or by the server's.</summary>
internal static class StatementTimeout
{
    /// <summary>Whether this, or what caused it, is one.</summary>
    public static bool Is(Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
                or NpgsqlException { InnerException: TimeoutException })
            {
                return true;
            }
        }

        return false;
    }
}
