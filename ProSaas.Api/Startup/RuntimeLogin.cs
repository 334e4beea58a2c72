using Npgsql;

namespace ProSaas.Api.Startup;

/// <summary>What the API's database login must not be able to do, so that row-level security holds for it.</summary>
internal static class RuntimeLogin
{
    private const string Query = """
        SELECT CASE
          WHEN r.rolsuper THEN format('%I is a superuser', r.rolname)
          WHEN r.rolbypassrls THEN format('%I may bypass row-level security', r.rolname)
          WHEN EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'USAGE'))
            THEN format('%I owns tables', r.rolname)
        END
        FROM pg_roles r WHERE r.rolname = current_user
        """;

    /// <summary>Returns what the login has too much, or null.</summary>
    public static async Task<string?> FindExcessAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
