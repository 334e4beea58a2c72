using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Data;

public sealed class RowLevelSecurityTests(PostgresFixture postgres)
{
    /// <summary>Tables without tenant data.</summary>
    private const string AllowList = "'schema_applied', 'migration_runs', '__EFMigrationsHistory', " + KeptForSystem;

    /// <summary>Those that the app's own role has no right on: who may log in, and the keys of cookies and tokens.</summary>
    private const string KeptForSystem =
        "'accounts', 'account_sessions', 'refresh_tokens', 'login_failures', 'known_networks', 'setup_codes', 'data_protection_keys'";

    [Fact]
    public async Task Table_not_on_the_allow_list_has_row_level_security_and_both_policies_and_no_other()
    {
        var database = await postgres.CreateMigratedAsync();

        (await Database.ColumnAsync(database, $"""
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ({AllowList})
            AND NOT (c.relrowsecurity AND coalesce((
                SELECT array_agg(p.roles::text ORDER BY p.roles::text) = ARRAY['{"{"}prosaas_app{"}"}', '{"{"}prosaas_system{"}"}']
                    AND bool_and(p.cmd = 'ALL' AND p.permissive = 'PERMISSIVE' AND p.qual IS NOT NULL AND p.with_check IS NOT NULL)
                FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname), false))
            """)).ShouldBeEmpty();
        (await Database.ColumnAsync(database,
            $"SELECT tablename::text FROM pg_policies WHERE roles = '{"{"}prosaas_app{"}"}' AND qual NOT LIKE '%app.business_id%'"))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Accounts_and_keys_are_out_of_reach_for_the_apis_role_itself()
    {
        var database = await postgres.CreateMigratedAsync();

        (await Database.ColumnAsync(database, $"""
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ({KeptForSystem})
            AND NOT has_table_privilege('prosaas_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AND NOT has_any_column_privilege('prosaas_app', c.oid, 'SELECT, INSERT, UPDATE')
            """)).Count.ShouldBe(KeptForSystem.Split(',').Length);
    }

    [Fact]
    public async Task Nobody_but_the_two_roles_and_the_owner_has_rights_on_a_table_or_function()
    {
        var database = await postgres.CreateMigratedAsync();

        (await Database.ColumnAsync(database, """
            SELECT c.relname || ' ' || coalesce(g.grantee::regrole::text, 'PUBLIC') FROM pg_class c, aclexplode(c.relacl) g
            WHERE c.relnamespace = 'public'::regnamespace AND g.grantee NOT IN ('prosaas_app'::regrole, 'prosaas_system'::regrole, c.relowner)
            UNION ALL
            SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege('prosaas_app', p.oid, 'EXECUTE')
            """)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Business_cannot_touch_the_rows_of_another()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        (await data.ForBusinessAsync(1, (context, token) =>
            context.Businesses.Where(b => b.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(b => b.Name, "Mine"), token))).ShouldBe(0);
        (await data.ForBusinessAsync(1, (context, token) => context.FaqEntries.Where(f => f.BusinessId == 2).ExecuteDeleteAsync(token)))
            .ShouldBe(0);
        await RefusedAsync(data.ForBusinessAsync(
            1, (context, token) => context.FaqEntries.ExecuteUpdateAsync(set => set.SetProperty(f => f.BusinessId, 2), token)));
        await RefusedAsync(data.ForBusinessAsync(1, async (context, token) =>
        {
            context.FaqEntries.Add(new FaqEntry { BusinessId = 2, Question = "Yours?", Answer = "Mine." });
            return await context.SaveChangesAsync(token);
        }));
    }

    [Fact]
    public async Task Business_neither_makes_nor_removes_businesses()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        await RefusedAsync(data.ForBusinessAsync(1, (context, token) => context.Businesses.ExecuteDeleteAsync(token)));
        await RefusedAsync(data.ForBusinessAsync(1, async (context, token) =>
        {
            context.Businesses.Add(new Business { Name = "New", BusinessType = "x", Greeting = "x", SystemPrompt = "x" });
            return await context.SaveChangesAsync(token);
        }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Session_bound_to_no_business_sees_nothing_and_writes_nothing(string? businessId)
    {
        await using var connection = await Database.OpenAsync(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));
        if (businessId is not null)
        {
            await Database.ExecuteAsync(connection, $"SELECT set_config('app.business_id', '{businessId}', false)");
        }

        (await Database.ScalarAsync<long>(connection, "SELECT (SELECT count(*) FROM businesses) + (SELECT count(*) FROM faq_entries)"))
            .ShouldBe(0);
        await RefusedAsync(
            Database.ExecuteAsync(connection, "INSERT INTO faq_entries (business_id, question, answer) VALUES (1, 'q', 'a')"));
    }

    [Fact]
    public async Task Apis_role_has_the_system_roles_rights_only_when_it_asks_for_them()
    {
        var database = await postgres.CreateMigratedAsync();

        (await Database.ScalarAsync<bool>(database, "SELECT pg_has_role('prosaas_app', 'prosaas_system', 'USAGE')")).ShouldBeFalse();
        (await Database.ScalarAsync<bool>(database, "SELECT pg_has_role('prosaas_app', 'prosaas_system', 'MEMBER')")).ShouldBeTrue();
        (await Database.ColumnAsync(database, """
            SELECT rolname::text FROM pg_roles WHERE rolname IN ('prosaas_app', 'prosaas_system')
            AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication OR rolcanlogin <> (rolname = 'prosaas_app') OR (rolname = 'prosaas_app' AND rolinherit))
            """)).ShouldBeEmpty();
    }

    private static async Task RefusedAsync(Task act)
    {
        var failure = await Should.ThrowAsync<Exception>(() => act);
        (failure as PostgresException ?? failure.InnerException as PostgresException)
            .ShouldNotBeNull().SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}
