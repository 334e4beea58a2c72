namespace ProSaas.Data.Migrating;

/// <summary>What a run of the migrator needs to know.</summary>
public sealed class MigratorOptions
{
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromMilliseconds(500);
    public const string DefaultApplicationName = "prosaas-migrator";

    /// <summary>Of the database's owner, who may create roles. Its pooling, timeouts and application name are replaced.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Password the API's role gets; null leaves it as it is, and a role made now without one.</summary>
    public string? AppPassword { get; init; }

    /// <summary>Password n8n's role gets; null means that neither its role nor its database is made.</summary>
    public string? N8nPassword { get; init; }

    /// <summary>How many connections the API's role may have at once, 1 or more; null leaves what was set.</summary>
    public int? AppConnections { get; init; }

    /// <summary>How many connections n8n's role may have at once, 1 or more; null leaves what was set.</summary>
    public int? N8nConnections { get; init; }

    /// <summary>Whether the development seed is written.</summary>
    public bool Seed { get; init; }

    /// <summary>How long the database may take to come up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>
    /// How long a statement waits for a lock before it steps back and is tried again; 1 ms or more. Every request
    /// that wants the same table waits as long, behind it.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = DefaultLockTimeout;

    /// <summary>What the connections are called in the server's log and in <c>pg_stat_activity</c>.</summary>
    public string ApplicationName { get; init; } = DefaultApplicationName;
}
