namespace ProSaas.Tests.Data;

/// <summary>Two businesses with rows in every table that has a business's data, and the API's own login let loose on them.</summary>
public sealed class IsolationTests(PostgresFixture postgres)
{
    private const long Mine = 1;
    private const long Theirs = 2;

    /// <summary>
    /// What somebody who can run any SQL in a unit of work of business 1 would try. Each yields a number:
    /// rows of business 2 seen or changed.
    /// </summary>
    private static readonly string[] Attempts =
    [
        "SELECT count(*) FROM {0} WHERE {1} = 2",
        "SELECT count(*) FROM {0} t WHERE t.{1} <> 1",
        "SELECT count(*) FROM (SELECT {1} FROM {0} UNION ALL SELECT {1} FROM {0}) t WHERE {1} = 2",
        "WITH x AS (UPDATE {0} SET {1} = {1} WHERE {1} = 2 RETURNING 1) SELECT count(*) FROM x",
        "WITH x AS (UPDATE {0} SET {1} = 1 WHERE {1} = 2 RETURNING 1) SELECT count(*) FROM x",
        "WITH x AS (DELETE FROM {0} WHERE {1} = 2 RETURNING 1) SELECT count(*) FROM x",
        "SELECT count(*) FROM (SELECT {1} FROM {0} WHERE {1} = 2 FOR UPDATE) t",
        "SET LOCAL row_security = off; SELECT count(*) FROM {0} WHERE {1} = 2",
        "SET LOCAL session_replication_role = replica; SELECT count(*) FROM {0} WHERE {1} = 2",
        "ALTER TABLE {0} DISABLE ROW LEVEL SECURITY; SELECT count(*) FROM {0} WHERE {1} = 2",
        "ALTER TABLE {0} OWNER TO prosaas_app; SELECT count(*) FROM {0} WHERE {1} = 2",
        "CREATE POLICY mine ON {0} USING (true); SELECT count(*) FROM {0} WHERE {1} = 2",
        "DROP POLICY {0}_of_business ON {0}; SELECT count(*) FROM {0} WHERE {1} = 2",
        "GRANT prosaas_system TO prosaas_app; SELECT count(*) FROM {0} WHERE {1} = 2",
        "ALTER ROLE prosaas_app INHERIT; SELECT count(*) FROM {0} WHERE {1} = 2",
        "ALTER ROLE prosaas_app BYPASSRLS; SELECT count(*) FROM {0} WHERE {1} = 2",
        "SET SESSION AUTHORIZATION postgres; SELECT count(*) FROM {0} WHERE {1} = 2",
        "CREATE TEMPORARY VIEW peek AS SELECT * FROM {0}; SELECT count(*) FROM peek WHERE {1} = 2",
        "CREATE FUNCTION pg_temp.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM public.{0} WHERE {1} = 2'; SELECT pg_temp.peek()",
        "COPY {0} TO PROGRAM 'cat >/dev/null'; SELECT count(*) FROM {0} WHERE {1} = 2",
        "TRUNCATE {0}; SELECT 1::bigint",
    ];

    [Fact]
    public async Task No_statement_but_setting_the_role_or_the_business_reaches_anothers_rows()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await SeedAsync(database);
        var tables = await TenantTablesAsync(database);
        tables.ShouldContain("business_members");
        await using var connection = await Database.OpenAsync(Database.AsApp(database));

        foreach (var table in tables)
        {
            var key = table is "businesses" ? "id" : "business_id";
            (await Database.ScalarAsync<long>(database, $"SELECT count(*) FROM {table} WHERE {key} = {Theirs}"))
                .ShouldBeGreaterThan(0, $"{table} has rows of the other business");
            (await ReachedAsync(connection, $"SELECT count(*) FROM {table} WHERE {key} = {Mine}"))
                .ShouldNotBe(0, $"{table} shows a business its own rows");
            foreach (var attempt in Attempts)
            {
                var sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, attempt, table, key);
                (await ReachedAsync(connection, sql)).ShouldBe(0, sql);
            }
        }
    }

    [Theory]
    [InlineData("SET LOCAL ROLE prosaas_system")]
    [InlineData("SELECT set_config('app.business_id', '2', true)")]
    public async Task Setting_the_role_or_the_business_reaches_them_so_the_attempts_above_could_have(string door)
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var connection = await Database.OpenAsync(Database.AsApp(database));

        (await ReachedAsync(connection, $"{door}; SELECT count(*) FROM faq_entries WHERE business_id = {Theirs}")).ShouldBeGreaterThan(0);
    }

    /// <summary>The number a unit of work of business 1 gets; 0 when the server refuses for want of rights.</summary>
    private static async Task<long> ReachedAsync(NpgsqlConnection connection, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Database.ExecuteAsync(connection, $"SELECT set_config('app.business_id', '{Mine}', true)");
        (await Database.ScalarAsync<string>(
            connection, "SELECT current_user || ' ' || session_user || ' ' || current_setting('is_superuser')"))
            .ShouldBe("prosaas_app prosaas_app off");
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            long reached = 0;
            do
            {
                while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                {
                    reached = rows.GetFieldType(0) == typeof(long) ? rows.GetInt64(0) : reached;
                }
            }
            while (await rows.NextResultAsync(TestContext.Current.CancellationToken));

            return reached;
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            return 0;
        }
    }

    private static Task SeedAsync(string database) => Database.ExecuteAsync(database, """
        INSERT INTO accounts (user_name, normalized_user_name, email, normalized_email, is_system_admin, created_at)
        SELECT e, upper(e), e, upper(e), false, now() FROM (VALUES ('one@example.com'), ('two@example.com')) AS v(e);
        INSERT INTO business_members (business_id, account_id, role) SELECT row_number() OVER (ORDER BY id), id, 'owner' FROM accounts;
        INSERT INTO contacts (business_id, channel, external_id) SELECT business_id, 'calls', 'a customer' FROM business_members;
        INSERT INTO conversations (business_id, contact_id, channel) SELECT business_id, id, channel FROM contacts;
        INSERT INTO messages (business_id, conversation_id, role, text, idempotency_key) SELECT business_id, id, 'customer', 'a message', 'a key' FROM conversations;
        INSERT INTO whatsapp_messages (business_id, message_id, sender) SELECT business_id, id, 'a sender' FROM messages;
        INSERT INTO whatsapp_erasures (business_id, address) SELECT id, '1@lid' FROM businesses;
        INSERT INTO owner_messages (business_id, conversation_id, text) SELECT business_id, id, 'a message' FROM conversations;
        INSERT INTO speech_usage (business_id, day, characters) SELECT id, '2026-01-01', 1 FROM businesses;
        INSERT INTO audit_entries (business_id, account_id, account_email, action, subject_id) SELECT business_id, account_id, 'one@example.com', 'tried', 1 FROM business_members;
        """);

    /// <summary>
    /// Those with row-level security; that no other table has a business's data is for
    /// <see cref="RowLevelSecurityTests"/>.
    /// </summary>
    private static Task<List<string>> TenantTablesAsync(string database) =>
        Database.ColumnAsync(database,
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity ORDER BY 1");
}
