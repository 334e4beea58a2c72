namespace ProSaas.Api.Startup;

/// <summary>What the API's database login must not be able to do, so that row-level security holds for it.</summary>
internal static class RuntimeLogin
{
    /// <summary>
    /// One row: what the login has too much, or null. Asks for the login itself, which may take off a role that its connection
    /// string sets, and for every role that it may take on.
    /// </summary>
    public const string Query = """
        SELECT CASE
          WHEN bool_or(held.rolsuper) THEN format('%I is a superuser', session_user)
          WHEN bool_or(held.rolbypassrls) THEN format('%I may bypass row-level security', session_user)
          WHEN bool_or(held.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())) THEN format('%I owns the database', session_user)
          WHEN bool_or(EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relowner = held.oid))
            THEN format('%I owns tables', session_user)
        END
        FROM pg_roles held WHERE pg_has_role(session_user, held.oid, 'MEMBER')
        """;
}
