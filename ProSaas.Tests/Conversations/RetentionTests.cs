using ProSaas.Api.Conversations;
using ProSaas.Api.Startup;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class RetentionTests(PostgresFixture postgres)
{
    private const string Count = "SELECT count(*) FROM conversations";

    [Fact]
    public async Task Conversation_goes_whole_when_it_is_old_and_the_customer_with_the_last_one()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database, time: null, ("RetentionDays", "30"));
        await replica.AnswerAsync(Message("1"), "one");
        await AgeAsync(database, "30 days 1 second");
        var young = await replica.AnswerAsync(Message("2"), "two");
        await replica.AnswerAsync(Message("1", customer: "another", business: 2), "one");
        await AgeAsync(database, "30 days 1 second", "business_id = 2");
        await replica.AnswerAsync(Message("1", customer: "third"), "one");
        await AgeAsync(database, "29 days", $"id <> {young.ConversationId} AND last_message_at > now() - interval '1 day'");

        (await RemoveAsync(replica)).ShouldBe(2);

        (await Database.ScalarAsync<long>(database, Count)).ShouldBe(2);
        (await Database.ColumnAsync(database, "SELECT external_id FROM contacts ORDER BY id")).ShouldBe(["+972501234567", "third"]);
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages")).ShouldBe(4);
        (await RemoveAsync(replica)).ShouldBe(0);
        (await Database.ColumnAsync(database, "SELECT address FROM whatsapp_erasures")).ShouldBeEmpty("only what can be WhatsApp's");
    }

    [Fact]
    public async Task Customer_who_goes_is_to_be_forgotten_by_the_WhatsApp_service_and_one_who_stays_is_not()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await replica.AnswerAsync(Message("1", customer: "+972541110001"), "one");
        await replica.AnswerAsync(Message("1", customer: "123456789@lid"), "one");
        await replica.AnswerAsync(Message("1", customer: "+972541110002"), "one");
        await AgeAsync(database, "366 days");
        await replica.AnswerAsync(Message("2", customer: "+972541110002"), "two");

        await RemoveAsync(replica);

        (await Database.ColumnAsync(database, "SELECT address FROM whatsapp_erasures ORDER BY 1"))
            .ShouldBe(["123456789@lid", "972541110001@s.whatsapp.net"]);
    }

    [Fact]
    public async Task Two_replicas_at_once_remove_each_conversation_once()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        await Database.ExecuteAsync(database, """
            INSERT INTO contacts (business_id, channel, external_id) SELECT 1 + n % 2, 'calls', n::text FROM generate_series(1, 900) n;
            INSERT INTO conversations (business_id, contact_id, channel, last_message_at) SELECT business_id, id, 'calls', '2001-01-01' FROM contacts, generate_series(1, 2);
            """);

        var removed = await Task.WhenAll(RemoveAsync(replica), RemoveAsync(other));

        (removed.Sum() + await RemoveAsync(replica)).ShouldBe(1_800);
        (await Database.ScalarAsync<long>(database, $"SELECT ({Count}) + (SELECT count(*) FROM contacts)")).ShouldBe(0);
    }

    [Fact]
    public async Task Old_conversations_are_removed_once_a_day_and_not_before_the_gate_opens()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var replica = new Replica(database, time);
        var gate = replica.Host.Services.GetRequiredService<SchemaGateState>();
        await replica.AnswerAsync(Message("1"), "one");
        await AgeAsync(database, "366 days");
        await replica.Host.StartAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromDays(2));
        (await Database.ScalarAsync<long>(database, Count)).ShouldBe(1);

        gate.Open();
        await RemovedAsync(TimeSpan.FromMinutes(1), "it is removed");

        await replica.AnswerAsync(Message("2"), "two");
        await AgeAsync(database, "366 days");
        await RemovedAsync(TimeSpan.FromHours(6), "the next one is removed another day");
        await replica.Host.StopAsync(TestContext.Current.CancellationToken);

        Task RemovedAsync(TimeSpan step, string what) => Eventually.TrueAsync(
            async () =>
            {
                time.Advance(step);
                return await Database.ScalarAsync<long>(database, Count) == 0;
            },
            what);
    }

    private static Task<int> RemoveAsync(Replica replica) =>
        replica.Host.Services.GetRequiredService<ConversationRetention>().RemoveAsync(TestContext.Current.CancellationToken);

    private static Task AgeAsync(string database, string age, string which = "true") =>
        Database.ExecuteAsync(database, $"UPDATE conversations SET last_message_at = now() - interval '{age}' WHERE {which}");
}
