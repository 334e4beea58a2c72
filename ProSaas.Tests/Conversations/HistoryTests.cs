using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class HistoryTests(PostgresFixture postgres)
{
    // 4 a message and one for 3 bytes begun: "1" is 5 tokens, "four" 6, "שלום" of 8 bytes 7.
    [Theory]
    [InlineData(1_000, new[] { "1", "שלום", "2", "four" })]
    [InlineData(23, new[] { "1", "שלום", "2", "four" })]
    [InlineData(22, new[] { "שלום", "2", "four" })]
    [InlineData(18, new[] { "שלום", "2", "four" })]
    [InlineData(17, new[] { "2", "four" })]
    [InlineData(10, new[] { "four" })]
    [InlineData(5, new string[0])]
    [InlineData(0, new string[0])]
    public async Task Newest_whole_messages_are_read_until_the_next_does_not_fit(int tokens, string[] history)
    {
        await using var replica = new Replica(await postgres.CreateMigratedAsync(seed: true), time: null, ("HistoryTokens", $"{tokens}"));
        await replica.AnswerAsync(Message("1"), "שלום");
        await replica.AnswerAsync(Message("2"), "four");

        (await replica.StartAsync(Message("3"))).History.Select(said => said.Text).ShouldBe(history);
    }

    [Fact]
    public async Task Long_message_that_does_not_fit_hides_the_older_ones_too()
    {
        await using var replica = new Replica(await postgres.CreateMigratedAsync(seed: true), time: null, ("HistoryTokens", "20"));
        await replica.AnswerAsync(Message("1"), new string('a', 100));
        await replica.AnswerAsync(Message("2"), "two");

        (await replica.StartAsync(Message("3"))).History.Select(said => said.Text).ShouldBe(["2", "two"]);
    }

    [Fact]
    public async Task Answer_stands_after_its_message_also_when_another_one_came_in_between()
    {
        await using var replica = new Replica(await postgres.CreateMigratedAsync(seed: true));
        var first = await replica.StartAsync(Message("1", key: "k"));
        await replica.ReleaseAsync(first);
        await replica.AnswerAsync(Message("2"), "two");
        await replica.AnswerAsync(Message("1", key: "k"), "one");

        (await replica.StartAsync(Message("3"))).History.Select(said => said.Text).ShouldBe(["1", "one", "2", "two"]);
    }
}
