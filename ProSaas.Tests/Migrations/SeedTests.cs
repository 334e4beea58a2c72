using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations;

public sealed class SeedTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Seed_has_ten_active_businesses_with_both_channels_in_two_languages_and_answers_for_all()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);

        (await CountAsync(database, "businesses")).ShouldBe(12);
        (await CountAsync(database, "businesses WHERE is_active AND calls_enabled AND whatsapp_enabled")).ShouldBe(10);
        (await CountAsync(database, "businesses WHERE is_active AND language = 'he-IL' AND greeting ~ '[א-ת]'")).ShouldBe(6);
        (await CountAsync(database, "businesses WHERE is_active AND language LIKE 'en-%'")).ShouldBe(4);
        (await CountAsync(database, "businesses b WHERE (SELECT count(*) FROM faq_entries f WHERE f.business_id = b.id) < 2")).ShouldBe(0);
        (await CountAsync(database, "businesses WHERE is_active AND jsonb_array_length(opening_hours) = 0")).ShouldBe(0);
        (await Database.ScalarAsync<bool>(
            database, "SELECT count(DISTINCT last_activity_at) = 12 AND max(last_activity_at) < now() FROM businesses")).ShouldBeTrue();
    }

    [Fact]
    public async Task Second_seed_keeps_what_a_user_changed_and_removed()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(database, """
            UPDATE businesses SET name = 'Mine now' WHERE id = 1;
            DELETE FROM businesses WHERE id = 2;
            DELETE FROM faq_entries WHERE business_id = 3;
            """);

        await Database.MigrateAsync(database, seed: true);

        (await Database.ScalarAsync<string>(database, "SELECT name FROM businesses WHERE id = 1")).ShouldBe("Mine now");
        (await CountAsync(database, "businesses")).ShouldBe(11);
        (await CountAsync(database, "faq_entries WHERE business_id = 3")).ShouldBe(0);
    }

    [Fact]
    public async Task Seed_into_a_database_in_use_leaves_its_rows_alone()
    {
        var database = await postgres.CreateMigratedAsync();
        await Database.ExecuteAsync(
            database, "INSERT INTO businesses (id, name, business_type, greeting, system_prompt) VALUES (1, 'Older', 't', 'g', 's')");

        await Database.MigrateAsync(database, seed: true);

        (await Database.ScalarAsync<string>(database, "SELECT name FROM businesses WHERE id = 1")).ShouldBe("Older");
        (await CountAsync(database, "faq_entries WHERE business_id = 1")).ShouldBe(0);
        (await CountAsync(database, "businesses")).ShouldBe(12);
        (await CountAsync(database, $"schema_applied WHERE migration_id = '{SchemaContract.SeedMarker}'")).ShouldBe(1);
    }

    private static Task<long> CountAsync(string database, string from) =>
        Database.ScalarAsync<long>(database, $"SELECT count(*) FROM {from}");
}
