using ProSaas.Api.Agents;
using ProSaas.Api.Conversations;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class WarmReplyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Warm_agents_reply_when_no_business_can_be_read_any_more()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();
        var businesses = await warmup.ReadAsync();
        await Database.ExecuteAsync(warmup.Owner, "ALTER TABLE businesses RENAME COLUMN system_prompt TO system_prompt_away");

        foreach (var (business, channel) in businesses.SelectMany(business =>
            Enum.GetValues<AgentChannel>().Select(channel => (business.Id, channel))))
        {
            (await AskAsync(warmup, business, channel)).ShouldNotBeNull().Text.ShouldNotBeNullOrEmpty();
        }

        businesses.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Reply_for_warmup_leaves_nothing_behind()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();

        warmup.Log.GetSnapshot()
            .ShouldNotContain(record => record.Message.Contains("could not be made for warmup", StringComparison.Ordinal));
        foreach (var table in (string[])["contacts", "conversations", "messages", "owner_messages"])
        {
            (await Database.ScalarAsync<long>(warmup.Owner, $"SELECT count(*) FROM {table}")).ShouldBe(0, table);
        }
    }

    private static async Task<AgentReply?> AskAsync(WarmupFixture warmup, long business, AgentChannel channel)
    {
        var message = new CustomerMessage(business, channel, "+972541110000", ConversationId: null, "Hello?", IdempotencyKey: null);
        var start = await warmup.Get<ConversationTurns>().BeginAsync(message, TestContext.Current.CancellationToken);
        return await warmup.Get<AgentReplies>()
            .ReplyAsync(start.Turn.ShouldNotBeNull(), keepTurn: false, TestContext.Current.CancellationToken);
    }
}
