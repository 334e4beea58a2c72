using ProSaas.Data.Conversations;
using ProSaas.Tests.Businesses;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class ConversationEndpointTests(PostgresFixture postgres, ApiFixture fixture)
{
    [Fact]
    public async Task Conversations_are_listed_latest_first_in_parts_and_by_channel()
    {
        var (business, replica) = await StartAsync();
        using var _1 = business;
        await using var _2 = replica;
        var calls = await replica.AnswerAsync(Message("1", customer: "a", business: business.Id, channel: AgentChannel.Calls), "one");
        var first = await replica.AnswerAsync(Message("1", customer: "b", business: business.Id), "one");
        var second = await replica.AnswerAsync(Message("1", customer: "c", business: business.Id), "one");
        var member = await business.MemberAsync();

        var all = await member.GetAsync($"{business.Path}/conversations?limit=2");
        Ids(all).ShouldBe([second.ConversationId, first.ConversationId]);
        Ids(await member.GetAsync($"{business.Path}/conversations?cursor={all.Json.GetProperty("nextCursor").GetString()}"))
            .ShouldBe([calls.ConversationId]);
        Ids(await member.GetAsync($"{business.Path}/conversations?channel=calls")).ShouldBe([calls.ConversationId]);
        foreach (var channel in (string[])["fax", "0", "Calls"])
        {
            (await member.GetAsync($"{business.Path}/conversations?channel={channel}")).ErrorNames.ShouldBe(["channel"]);
        }

        all.Json.GetProperty("items")[0].GetProperty("customer").GetString().ShouldBe("c");
        all.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Conversation_shows_what_was_said_in_parts()
    {
        var (business, replica) = await StartAsync();
        using var _1 = business;
        await using var _2 = replica;
        await replica.AnswerAsync(Message("1", business: business.Id), "one");
        var turn = await replica.AnswerAsync(Message("2", business: business.Id), "two");
        var member = await business.MemberAsync();
        var path = $"{business.Path}/conversations/{turn.ConversationId}";

        var part = (await member.GetAsync($"{path}?limit=3")).Json;
        var rest = (await member.GetAsync($"{path}?cursor={part.GetProperty("messages").GetProperty("nextCursor").GetString()}")).Json;

        part.GetProperty("conversation").GetProperty("channel").GetString().ShouldBe("whatsapp");
        part.GetProperty("messages").GetProperty("items").EnumerateArray().Select(message => message.GetProperty("text").GetString())
            .ShouldBe(["1", "one", "2"]);
        var last = rest.GetProperty("messages").GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (last.GetProperty("text").GetString(), last.GetProperty("role").GetString(), last.GetProperty("inReplyTo").GetInt64()).ShouldBe(
            ("two", "agent", turn.MessageId));
    }

    [Fact]
    public async Task Conversation_and_contact_of_another_business_are_out_of_reach_through_ones_own()
    {
        var (business, replica) = await StartAsync();
        using var _1 = business;
        await using var _2 = replica;
        var (other, _) = await TestBusiness.CreateAsync(business.Api);
        using var _3 = other;
        var turn = await replica.AnswerAsync(Message("1", business: business.Id), "one");
        var contact = await Database.ScalarAsync<long>(
            business.Api.Database.Owner, $"SELECT contact_id FROM conversations WHERE id = {turn.ConversationId}");
        var owner = await other.OwnerAsync();

        (await owner.GetAsync($"{other.Path}/conversations/{turn.ConversationId}")).Problem.ShouldBe("not-found");
        (await owner.PostAsync($"{other.Path}/conversations/{turn.ConversationId}/give-back")).Problem.ShouldBe("not-found");
        (await owner.GetAsync($"{other.Path}/contacts/{contact}/export")).Problem.ShouldBe("not-found");
        (await owner.SendAsync(HttpMethod.Delete, $"{other.Path}/contacts/{contact}")).Problem.ShouldBe("not-found");
        foreach (var list in new[] { "conversations", "owner-messages", "contacts" })
        {
            Ids(await owner.GetAsync($"{other.Path}/{list}")).ShouldBeEmpty(list);
        }
    }

    [Fact]
    public async Task Conversation_that_is_given_back_is_the_agents_again_and_the_audit_says_so()
    {
        var (business, replica) = await StartAsync();
        using var _1 = business;
        await using var _2 = replica;
        var turn = await replica.StartAsync(Message("a person please", business: business.Id));
        await replica.CompleteAsync(turn, Reply(turn, "Of course.", ownerMessage: "Call Noa", handOver: true));
        var member = await business.MemberAsync();
        var path = $"{business.Path}/conversations/{turn.ConversationId}";
        (await member.GetAsync(path)).Json.GetProperty("conversation").GetProperty("handedOverAt").ValueKind
            .ShouldBe(System.Text.Json.JsonValueKind.String);
        (await member.GetAsync($"{business.Path}/owner-messages")).Json.GetProperty("items").EnumerateArray()
            .ShouldHaveSingleItem().GetProperty("text").GetString().ShouldBe("Call Noa");

        var answer = await member.PostAsync($"{path}/give-back");
        (await member.PostAsync($"{path}/give-back")).Text.ShouldBe(answer.Text);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json.GetProperty("handedOverAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await replica.StartAsync(Message("hello?", business: business.Id))).IsHandedOver.ShouldBeFalse();
        (await Database.ColumnAsync(business.Api.Database.Owner,
            $"SELECT action || ' ' || subject_id FROM audit_entries WHERE business_id = {business.Id} AND action LIKE 'conversation%'"))
            .ShouldBe([$"conversation.updated {turn.ConversationId}"]);
    }

    [Fact]
    public async Task Description_of_the_api_shows_examples()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = api.CreateClient();

        var paths = (await client.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");

        foreach (var path in new[]
        {
            "conversations",
            "conversations/{conversationId}",
            "owner-messages",
            "contacts",
            "contacts/{contactId}/export"
        })
        {
            paths.GetProperty($"/api/businesses/{{businessId}}/{path}")
                .GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content")
                .GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue(path);
        }
    }

    private async Task<(TestBusiness Business, Replica Replica)> StartAsync()
    {
        var api = await fixture.GetAsync(postgres);
        return (await TestConversations.CreateBusinessAsync(api), new Replica(api.Database.Owner));
    }

    private static IEnumerable<long> Ids(ApiAnswer answer) =>
        answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64());
}
