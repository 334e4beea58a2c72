namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>What a context that is added or enriched is given.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:&lt;name&gt;</c> wins over one of the component's own section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the retrying execution strategy.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Leaves out the health check, which is named after the context's type.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out the driver's spans.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Leaves out the driver's metrics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Seconds a command may take; null leaves the driver's default.</summary>
    public int? CommandTimeout { get; set; }
}
