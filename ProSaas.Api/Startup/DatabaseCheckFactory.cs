using Npgsql;

namespace ProSaas.Api.Startup;

/// <summary>Makes checks of the database that keep out of the connection pool.</summary>
internal sealed class DatabaseCheckFactory(string connectionString)
{
    public DatabaseCheck Create(string purpose)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"prosaas-api {purpose}",
            Pooling = false,
            Enlist = false,
            IncludeErrorDetail = false,
            Timeout = 1,
            CommandTimeout = 1,
            CancellationTimeout = 500,
        };
        return new DatabaseCheck(settings.ConnectionString);
    }

    /// <summary>Has requests open new connections: those that wait in the pool may have lost their other end unnoticed.</summary>
    public void ClearPool()
    {
        using var pooled = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(pooled);
    }
}
