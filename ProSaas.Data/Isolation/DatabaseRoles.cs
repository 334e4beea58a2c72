namespace ProSaas.Data.Isolation;

/// <summary>The roles of the database besides its owner; see docs/decisions/database-roles.md.</summary>
public static class DatabaseRoles
{
    /// <summary>What the API logs in as: owns nothing, sees one business at a time.</summary>
    public const string App = "prosaas_app";

    /// <summary>What a named unit of work becomes to see all businesses; nobody logs in as it.</summary>
    public const string System = "prosaas_system";

    /// <summary>The login and owner of n8n's own database.</summary>
    public const string N8n = "n8n";
}
