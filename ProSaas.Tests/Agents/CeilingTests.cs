using Microsoft.Extensions.AI;
using ProSaas.Api.Agents;
using ProSaas.Api.Agents.Faq;
using ProSaas.Api.Text;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

/// <summary>What a model is sent and may say, whatever owners and customers write.</summary>
public sealed class CeilingTests
{
    private const int MaxTokens = 32_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_is_told_how_much_it_may_say_and_what_it_said_until_then_is_used(bool streams)
    {
        await using var model = await OpenAiServer.StartAsync();
        model.Next(OpenAiServer.IsCutShort("We have three"));
        await using var agent = AgentFixture.Over(model);

        var text = streams ? (await agent.StreamAsync([])).Text : (await agent.AskAsync()).Text;

        text.ShouldBe("We have three");
        agent.Draft.FallbackReason.ShouldBeNull();
        model.Calls.Single().Body.GetProperty("max_completion_tokens").GetInt32().ShouldBe(1_000);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('ש')]
    [InlineData('€')]
    public void Prompt_of_the_largest_business_and_message_has_room(char letter)
    {
        var business = Business(500, new string(letter, 4_000), new string(letter, 20_000));
        var history = Enumerable.Range(0, 200).Select(_ => new ChatMessage(ChatRole.Assistant, new string(letter, 4_000)));
        ChatMessage[] messages = [.. history, new(ChatRole.User, new string(letter, 65_536))];

        var instructions = AgentPrompt.Compose(
            business, AgentChannel.Calls, messages[^1].Text, PromptSize.OfInstructions(MaxTokens));
        var fitting = PromptSize.Fit(messages, instructions, MaxTokens);

        (Bytes(instructions) + fitting.Sum(message => Bytes(message.Text))).ShouldBeLessThanOrEqualTo(MaxTokens * 3);
        fitting[^1].Text.Length.ShouldBeGreaterThanOrEqualTo(4_000);
        instructions.ShouldEndWith("Never invent prices, times or promises.");
    }

    [Fact]
    public void History_is_dropped_oldest_first_and_what_fits_is_left_as_it_is()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, new string('o', 60_000)), new(ChatRole.Assistant, new string('n', 30_000)), new(ChatRole.User, "Hello?"),
        ];

        PromptSize.Fit(messages, "Be brief.", MaxTokens).Select(message => message.Text).ShouldBe(messages.Select(message => message.Text));
        PromptSize.Fit(messages, new string('i', 20_000), MaxTokens).Select(message => message.Text[0]).ShouldBe(['n', 'H']);
        PromptSize.Fit(messages, new string('i', 70_000), MaxTokens).Select(message => message.Text).ShouldBe(["Hello?"]);
    }

    [Fact]
    public void Faq_that_is_too_large_keeps_what_the_question_asks_for()
    {
        var entries = Enumerable.Range(0, 499).Select(index => new FaqEntryText(index + 1, $"Topic {index}?", new string('x', 1_000)));
        var faq = FaqIndex.Create([.. entries, new FaqEntryText(500, "Where can I park?", "Behind the house.")], "Bakery");

        var text = faq.TextFor("Where can I park my car?", 10_000);

        text.ShouldContain("Q: Where can I park?\nA: Behind the house.");
        text.ShouldContain("Q: Topic 0?");
        Bytes(text).ShouldBeInRange(5_000, 10_000);
        faq.TextFor("?", faq.TextBytes).ShouldBe(faq.Text);
        faq.TextFor("?", -1).ShouldBe("");
    }

    [Fact]
    public void Text_is_cut_between_characters()
    {
        WellFormedText.CutToBytes("ab👩‍👩‍👧cd", 12).ShouldBe("ab");
        WellFormedText.CutToBytes("ab👩‍👩‍👧cd", 20).ShouldBe("ab👩‍👩‍👧");
        WellFormedText.CutToBytes("שלום", 5).ShouldBe("של");
        WellFormedText.CutToBytes("", 0).ShouldBe("");
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static BusinessProfile Business(int entries, string answer, string prompt) => new BusinessProfile
    {
        Id = 1,
        Version = 1,
        Name = "Bakery",
        BusinessType = "bakery",
        Language = "en-US",
        TimeZone = "Asia/Jerusalem",
        OpeningHours = OpeningHours.None,
        Greeting = Utf8Text.Of("Hello"),
        SystemPrompt = Utf8Text.Of(prompt),
        FaqEntries = [.. Enumerable.Range(0, entries).Select(index => new FaqEntryText(index + 1, $"Question {index}?", answer))],
    }.Prepare(TimeProvider.System);
}
