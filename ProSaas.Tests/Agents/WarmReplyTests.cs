using ProSaas.Api.Agents;
using ProSaas.Api.Conversations;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class WarmReplyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Warm_agents_reply_when_none_can_be_made_any_more()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();
        warmup.Factory.IsBroken = true;
        var businesses = await warmup.ReadAsync();

        foreach (var (business, channel) in businesses.SelectMany(business => Enum.GetValues<AgentChannel>().Select(channel => (business.Id, channel))))
        {
            (await AskAsync(warmup, business, channel)).ShouldNotBeNull().Text.ShouldNotBeNullOrEmpty();
        }

        businesses.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Rehearsal_of_a_reply_leaves_nothing_behind()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();

        warmup.Log.GetSnapshot().ShouldNotContain(record => record.Message.Contains("rehearsed", StringComparison.Ordinal));
        foreach (var table in (string[])["contacts", "conversations", "messages", "owner_messages"])
        {
            (await Database.ScalarAsync<long>(warmup.Owner, $"SELECT count(*) FROM {table}")).ShouldBe(0, table);
        }
    }

    private static async Task<ReplyResponse?> AskAsync(WarmupFixture warmup, long business, AgentChannel channel)
    {
        var message = new CustomerMessage(business, channel, "+972541110000", ConversationId: null, "Hello?", IdempotencyKey: null);
        var start = await warmup.Get<ConversationTurns>().BeginAsync(message, TestContext.Current.CancellationToken);
        return await warmup.Get<CustomerReplies>().AnswerAsync(start.ShouldBeOfType<TurnStart.Started>().Turn, TestContext.Current.CancellationToken);
    }
}
