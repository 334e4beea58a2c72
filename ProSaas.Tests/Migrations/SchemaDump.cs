using ProSaas.Testing.Linked.Pending;

namespace ProSaas.Tests.Migrations;

/// <summary>Everything a migration can leave behind, as text: two databases with the same text went the same way.</summary>
internal static class SchemaDump
{
    /// <summary>Of a seeded database that nothing went wrong with, where <see cref="PendingMigrations"/> were applied too.</summary>
    public static async Task<string> OfPendingAsync(PostgresFixture postgres)
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var rows = string.Join(", ", PendingMigrations.Ids.Select(id => $"('{id}', 'test')"));
        await Database.ExecuteAsync(database, $"INSERT INTO \"__EFMigrationsHistory\" VALUES {rows}");
        return await OfAsync(database);
    }

    public static async Task<string> OfAsync(string database) => string.Join('\n', await Database.ColumnAsync(database, """
        SELECT concat_ws(' ', 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', 'constraint', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies
        UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', 'function', proname, prosrc, proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'rights', relname, relacl, relrowsecurity) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
        UNION ALL SELECT concat_ws(' ', 'applied', migration_id, required_release) FROM schema_applied
        UNION ALL SELECT concat_ws(' ', 'history', migration_id) FROM "__EFMigrationsHistory"
        UNION ALL SELECT concat_ws(' ', 'business', to_jsonb(b) - 'last_activity_at') FROM businesses b
        UNION ALL SELECT concat_ws(' ', 'faq', business_id, position, question, answer) FROM faq_entries
        ORDER BY 1
        """));
}
