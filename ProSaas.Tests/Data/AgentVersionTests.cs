using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Businesses;
using ProSaas.Data.Schema;

namespace ProSaas.Tests.Data;

public sealed class AgentVersionTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("UPDATE businesses SET system_prompt = system_prompt || '!' WHERE id = 1")]
    [InlineData("UPDATE businesses SET voice_name = NULL WHERE id = 1")]
    [InlineData("UPDATE businesses SET is_active = false WHERE id = 1")]
    [InlineData("UPDATE businesses SET opening_hours = '[]' WHERE id = 1")]
    [InlineData("INSERT INTO faq_entries (business_id, question, answer) VALUES (1, 'q', 'a')")]
    [InlineData("UPDATE faq_entries SET answer = 'Other' WHERE id = (SELECT min(id) FROM faq_entries WHERE business_id = 1)")]
    [InlineData("DELETE FROM faq_entries WHERE id = (SELECT min(id) FROM faq_entries WHERE business_id = 1)")]
    public async Task Change_that_answers_depend_on_raises_the_version_and_is_announced(string change)
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var listener = await Database.OpenAsync(Database.AsApp(database));
        await Database.ExecuteAsync(listener, $"LISTEN {SchemaContract.AgentChannel}");
        var announced = new List<string>();
        listener.Notification += (_, notification) => announced.Add(notification.Payload);
        var before = await VersionAsync(database, 1);

        await Database.ExecuteAsync(database, change);
        (await listener.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)).ShouldBeTrue();

        announced.ShouldBe(["1"]);
        (await VersionAsync(database, 1)).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("UPDATE businesses SET last_activity_at = now() WHERE id = 1")]
    [InlineData("UPDATE businesses SET name = name WHERE id = 1")]
    [InlineData("UPDATE faq_entries SET answer = answer WHERE business_id = 1")]
    public async Task Change_that_no_answer_depends_on_leaves_the_version(string change)
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var before = await VersionAsync(database, 1);

        await Database.ExecuteAsync(database, change);

        (await VersionAsync(database, 1)).ShouldBe(before);
    }

    [Fact]
    public async Task Version_never_goes_back()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var before = await VersionAsync(database, 1);

        await Database.ExecuteAsync(database, "UPDATE businesses SET agent_version = 1 WHERE id = 1");

        (await VersionAsync(database, 1)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Entry_moved_to_another_business_raises_both_versions()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var before = (await VersionAsync(database, 1), await VersionAsync(database, 2));

        await Database.ExecuteAsync(
            database, "UPDATE faq_entries SET business_id = 2 WHERE id = (SELECT min(id) FROM faq_entries WHERE business_id = 1)");

        (await VersionAsync(database, 1), await VersionAsync(database, 2)).ShouldBe((before.Item1 + 1, before.Item2 + 1));
    }

    [Theory]
    [InlineData("INSERT INTO businesses (name, business_type, greeting, system_prompt) VALUES ('n', 't', 'g', 's') RETURNING id")]
    [InlineData("DELETE FROM businesses WHERE id = 1 RETURNING id")]
    public async Task Business_added_or_removed_is_announced(string change)
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var listener = await Database.OpenAsync(database);
        await Database.ExecuteAsync(listener, $"LISTEN {SchemaContract.AgentChannel}");
        var announced = new List<string>();
        listener.Notification += (_, notification) => announced.Add(notification.Payload);

        var key = await Database.ScalarAsync<long>(database, change);
        (await listener.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)).ShouldBeTrue();

        announced.ShouldBe([key.ToString(CultureInfo.InvariantCulture)]);
    }

    [Fact]
    public async Task Faq_and_business_change_together_without_a_conflict()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        await data.ForBusinessAsync(1, async (context, token) =>
        {
            var business = await context.Businesses.SingleAsync(token);
            context.FaqEntries.Add(new FaqEntry { BusinessId = 1, Question = "New?", Answer = "Yes." });
            await context.SaveChangesAsync(token);
            business.Greeting = "Hello";
            return await context.SaveChangesAsync(token);
        });

        (await data.ForBusinessAsync(1, (context, token) => context.Businesses.Select(b => b.Greeting).SingleAsync(token)))
            .ShouldBe("Hello");
    }

    [Fact]
    public async Task Faq_changed_by_the_system_raises_the_version_too()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));
        var before = await VersionAsync(database, 1);

        await data.AsSystemAsync((context, token) =>
            context.FaqEntries.Where(entry => entry.BusinessId == 1 && entry.Position == 1).ExecuteDeleteAsync(token));

        (await VersionAsync(database, 1)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Row_changed_by_another_is_a_conflict()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => data.ForBusinessAsync(1, async (context, token) =>
        {
            var business = await context.Businesses.SingleAsync(token);
            await Database.ExecuteAsync(database, "UPDATE businesses SET name = 'Theirs' WHERE id = 1");
            business.Name = "Mine";
            return await context.SaveChangesAsync(token);
        }));
    }

    [Fact]
    public async Task Version_and_defaults_come_back_from_a_new_row()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync()));

        var added = await data.AsSystemAsync(async (context, token) =>
        {
            var business = new Business
            {
                Name = "New",
                BusinessType = "shop",
                Greeting = "Hi",
                SystemPrompt = "Be brief",
                IsActive = false,
                SpeakingRate = 0.25
            };
            context.Businesses.Add(business);
            await context.SaveChangesAsync(token);
            return business;
        });

        added.AgentVersion.ShouldBe(1);
        added.Id.ShouldBeGreaterThan(1000);
        added.RowVersion.ShouldBeGreaterThan(0u);
        var stored = await data.ForBusinessAsync(added.Id, (context, token) => context.Businesses.SingleAsync(token));
        (stored.IsActive, stored.SpeakingRate, stored.Language, stored.TimeZone).ShouldBe((false, 0.25, "he-IL", "Asia/Jerusalem"));
    }

    private static Task<long> VersionAsync(string database, long business) =>
        Database.ScalarAsync<long>(
            database, string.Create(CultureInfo.InvariantCulture, $"SELECT agent_version FROM businesses WHERE id = {business}"));
}
