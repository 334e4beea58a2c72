namespace ProSaas.Tests.Migrations;

/// <summary>Holds a migrator at a point of its work, so that a test can do something to it there.</summary>
internal sealed class MigrationBlock : IAsyncDisposable
{
    // The held statement asks again and again, because to wait for a lock would run into the migrator's lock time-out.
    private const string Hold = """
        SET LOCAL application_name = 'held';
        WHILE NOT pg_try_advisory_xact_lock_shared(4711) LOOP
            PERFORM pg_sleep(0.01);
        END LOOP;
        """;

    private readonly NpgsqlConnection _gate;
    private readonly string _database;

    private MigrationBlock(NpgsqlConnection gate, string database)
    {
        _gate = gate;
        _database = database;
    }

    /// <summary>Inside the transaction of the migration that makes a table.</summary>
    public static Task<MigrationBlock> InsideAsync(string database, string table) => CreateAsync(database, $"""
        CREATE FUNCTION test_block.hold() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_regclass('public.{table}') IS NOT NULL THEN
                {Hold}
            END IF;
        END $$;
        CREATE EVENT TRIGGER test_block ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION test_block.hold();
        """);

    /// <summary>After the migrations, inside the seed's transaction.</summary>
    public static Task<MigrationBlock> InsideSeedAsync(string database) => CreateAsync(database, $"""
        CREATE FUNCTION test_block.hold() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {Hold}
            RETURN NEW;
        END $$;
        CREATE FUNCTION test_block.prepare() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_regclass('public.faq_entries') IS NOT NULL THEN
                CREATE OR REPLACE TRIGGER test_block BEFORE INSERT ON public.businesses FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION test_block.hold();
            END IF;
        END $$;
        CREATE EVENT TRIGGER test_block ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION test_block.prepare();
        """);

    public Task UntilReachedAsync() => Eventually.TrueAsync(
        () => Database.ScalarAsync<bool>(
            _database, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'held' AND datname = current_database())"),
        "the migrator is held",
        seconds: 60);

    /// <summary>Whether the server still has the migrator's session.</summary>
    public Task<bool> IsHeldAsync() => Database.ScalarAsync<bool>(
        _database,
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name IN ('held', 'prosaas-migrator') AND datname = current_database())");

    /// <summary>Until the server has noticed that the migrator is gone.</summary>
    public Task UntilGoneAsync() => Eventually.TrueAsync(async () => !await IsHeldAsync(), "the server has noticed", seconds: 8);

    /// <summary>Lets the migrator go on, and every one after it.</summary>
    public Task ReleaseAsync() => Database.ExecuteAsync(_gate, "SELECT pg_advisory_unlock(4711)");

    /// <summary>Takes the block out of the database.</summary>
    public Task RemoveAsync() => Database.ExecuteAsync(_database, "DROP EVENT TRIGGER test_block; DROP SCHEMA test_block CASCADE");

    public ValueTask DisposeAsync() => _gate.DisposeAsync();

    private static async Task<MigrationBlock> CreateAsync(string database, string sql)
    {
        await Database.ExecuteAsync(database, $"CREATE SCHEMA test_block; {sql}");
        var gate = await Database.OpenAsync(database);
        await Database.ExecuteAsync(gate, "SELECT pg_advisory_lock(4711)");
        return new MigrationBlock(gate, database);
    }
}
