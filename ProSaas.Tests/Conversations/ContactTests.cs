using ProSaas.Data.Conversations;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class ContactTests(PostgresFixture postgres, ApiFixture fixture)
{
    private const string Customer = "+972509999999";

    [Fact]
    public async Task Export_has_all_of_the_customer_on_every_channel_and_nothing_of_others()
    {
        var api = await fixture.GetAsync(postgres);
        using var business = await TestConversations.CreateBusinessAsync(api);
        await using var replica = new Replica(api.Database.Owner);
        await FillAsync(replica, business.Id);
        var owner = await business.OwnerAsync();
        var member = await business.MemberAsync();
        var contact = (await member.GetAsync($"{business.Path}/contacts?customer={Uri.EscapeDataString(Customer)}")).Json
            .GetProperty("items").EnumerateArray().ToList();
        contact.Count.ShouldBe(2);
        var path = $"{business.Path}/contacts/{contact[0].GetProperty("id").GetInt64()}/export";

        var export = await owner.GetAsync(path);

        export.Status.ShouldBe(HttpStatusCode.OK, export.Text);
        export.Json.GetProperty("conversations").EnumerateArray().Sum(conversation => conversation.GetProperty("messages").GetArrayLength())
            .ShouldBe(4);
        export.Text.ShouldContain("call me");
        export.Text.ShouldNotContain("another");
        (await member.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Erasure_leaves_nothing_of_the_customer_but_that_it_was_done()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var api = await TestApi.StartAsync(database);
        using var business = await TestConversations.CreateBusinessAsync(api);
        await using var replica = new Replica(database.Owner);
        await FillAsync(replica, business.Id);
        var open = await replica.StartAsync(Message("secret, answered late", customer: Customer, business: business.Id));
        var contact = await Database.ScalarAsync<long>(database.Owner, $"SELECT min(id) FROM contacts WHERE external_id = '{Customer}'");
        var owner = await business.OwnerAsync();
        var path = $"{business.Path}/contacts/{contact}";
        (await (await business.MemberAsync()).SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await owner.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NotFound);

        (await replica.CompleteAsync(open, "secret, late")).ShouldBeNull();
        (await Database.ColumnAsync(database.Owner, "DELETE FROM whatsapp_erasures RETURNING address"))
            .ShouldBe([$"{Customer[1..]}@s.whatsapp.net"], "kept until the WhatsApp service has forgotten the customer too");
        (await RowsWithAsync(database.Owner, "secret", Customer[1..], "call me", "the-key")).ShouldBeEmpty();
        (await RowsWithAsync(database.Owner, "another")).ShouldNotBeEmpty("others keep theirs");
        (await Database.ColumnAsync(
            database.Owner, "SELECT action FROM audit_entries WHERE action LIKE 'contact.%' AND before IS NULL AND after IS NULL"))
            .ShouldBe(["contact.erased", "contact.erased"]);
        (await replica.StartAsync(Message("new", customer: Customer, key: "the-key", business: business.Id))).History.ShouldBeEmpty();
    }

    private static async Task FillAsync(Replica replica, long business)
    {
        var turn = await replica.StartAsync(Message("secret 1", customer: Customer, key: "the-key", business: business));
        await replica.CompleteAsync(turn, Reply(turn, "secret 2", ownerMessage: "call me"));
        await replica.AnswerAsync(Message("secret 3", customer: Customer, business: business, channel: AgentChannel.Calls), "secret 4");
        await replica.AnswerAsync(Message("another", customer: "another", business: business), "another");
    }

    /// <summary>The tables with a row in which one of the words stands.</summary>
    private static async Task<IReadOnlyList<string>> RowsWithAsync(string database, params string[] words)
    {
        var tables = await Database.ColumnAsync(
            database, "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");
        tables.ShouldContain("messages");
        var found = new List<string>();
        foreach (var table in tables)
        {
            if (await Database.ScalarAsync<bool>(database,
                $"SELECT EXISTS (SELECT FROM \"{table}\" t WHERE {string.Join(" OR ", words.Select(word => $"t::text LIKE '%{word}%'"))})"))
            {
                found.Add(table);
            }
        }

        return found;
    }
}
