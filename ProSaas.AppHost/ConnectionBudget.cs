namespace ProSaas.AppHost;

/// <summary>
/// How the connections of PostgreSQL are shared out, so that none of its users takes those of another. What is left is for the
/// migrator, a backup and an operator.
/// </summary>
internal static class ConnectionBudget
{
    /// <summary>All there are, three of them for superusers alone.</summary>
    public const string Server = "100";

    /// <summary>
    /// The pool of one API, which has a few connections more of its own: it listens, and asks whether the database is there.
    /// </summary>
    public const string ApiPool = "30";

    /// <summary>
    /// The role of the API: two of them while one replaces the other, and those that the server has not yet noticed are gone.
    /// </summary>
    public const string ApiRole = "75";

    /// <summary>The pool of n8n.</summary>
    public const string N8nPool = "8";

    /// <summary>The role of n8n.</summary>
    public const string N8nRole = "10";
}
