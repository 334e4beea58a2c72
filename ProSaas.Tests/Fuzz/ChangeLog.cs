namespace ProSaas.Tests.Fuzz;

/// <summary>What is changed in a database, noted by triggers in the transaction that changes it.</summary>
internal sealed class ChangeLog(NpgsqlConnection connection) : IAsyncDisposable
{
    private long _seen;

    public static async Task<ChangeLog> BeginAsync(TestDatabase database)
    {
        var connection = await Testing.Database.OpenAsync(database.Owner);
        await Testing.Database.ExecuteAsync(
            connection,
            """
            CREATE SCHEMA fuzz;
            CREATE TABLE fuzz.changes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
            CREATE FUNCTION fuzz.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                IF TG_OP <> 'UPDATE' OR NEW IS DISTINCT FROM OLD THEN
                    INSERT INTO fuzz.changes (what) VALUES (TG_TABLE_NAME || ' ' || lower(TG_OP));
                END IF;
                RETURN NULL;
            END $$;
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE format('CREATE TRIGGER zz_note AFTER INSERT OR UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION fuzz.note()', name);
                END LOOP;
            END $$;
            """);
        return new ChangeLog(connection);
    }

    /// <summary>What was changed since the last call, as table and operation.</summary>
    public async Task<IReadOnlySet<string>> NextAsync()
    {
        await using var command = new NpgsqlCommand("SELECT id, what FROM fuzz.changes WHERE id > $1", connection);
        command.Parameters.Add(new() { Value = _seen });
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var changes = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            _seen = Math.Max(_seen, rows.GetInt64(0));
            changes.Add(rows.GetString(1));
        }

        return changes;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
