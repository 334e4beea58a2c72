using Microsoft.Extensions.AI;
using ProSaas.Api.Agents;
using ProSaas.Api.Agents.Faq;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class EmbeddedAnswererTests : IDisposable
{
    private static readonly AITool TakeMessage = AIFunctionFactory.Create((string text) => text, EmbeddedAnswerer.TakeMessageTool);

    private static readonly BusinessProfile Bakery = Profile(
        "en-GB",
        ("Do you deliver on Friday?", "Until noon."),
        ("מה שעות הפתיחה?", "משבע עד שבע."),
        ("Do you make vegan cakes?", "Yes, two kinds."));

    private static readonly BusinessProfile Garage = Profile("he-IL", ("Do you repair gearboxes?", "We do."));

    private readonly EmbeddedAnswerer _answerer = new();

    public void Dispose() => _answerer.Dispose();

    [Theory]
    [InlineData("do you deliver on friday", "Until noon.")]
    [InlineData("מה שעות הפתיחה שלכם?", "משבע עד שבע.")]
    [InlineData("מָה שְׁעוֹת הַפְּתִיחָה", "משבע עד שבע.")]
    [InlineData("My oven broke. DELIVERY ON FRIDAYS?", "Until noon.")]
    [InlineData("do you have vegean cake", "Yes, two kinds.")]
    public async Task Question_gets_the_answer_of_its_entry_and_the_key_of_the_entry(string question, string answer)
    {
        var response = await AskAsync(Bakery, question);

        response.Text.ShouldBe(answer);
        response.AdditionalProperties.ShouldNotBeNull()[EmbeddedAnswerer.FaqEntryProperty].ShouldBe(IdOf(answer));
    }

    [Theory]
    [InlineData("who won the cup in 1974?", "I do not know")]
    [InlineData("מי זכה בגביע?", "אין לי תשובה")]
    public async Task Question_without_an_entry_gets_an_honest_answer_in_its_script(string question, string start)
    {
        var response = await AskAsync(Bakery, question);

        response.Text.ShouldStartWith(start);
        response.AdditionalProperties.ShouldBeNull();
    }

    [Fact]
    public async Task Question_in_neither_script_is_answered_in_the_language_of_the_business()
    {
        (await AskAsync(Garage, "¿1974?")).Text.ShouldStartWith("אין לי תשובה");
        (await AskAsync(Bakery, "Кто победил?")).Text.ShouldStartWith("I do not know");
    }

    [Fact]
    public async Task Question_without_an_entry_calls_the_tool_that_takes_a_message()
    {
        var response = await AskAsync(Bakery, "who won the cup?", TakeMessage);

        var call = response.Messages.Single().Contents.OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.Name.ShouldBe("take_message");
        call.Arguments.ShouldNotBeNull()["text"].ShouldBe("who won the cup?");
        response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task Customer_is_told_that_the_message_was_passed_on_once_the_tool_was_called()
    {
        var texts = new List<string>();
        using var client = _answerer.AsBuilder().UseFunctionInvocation().Build();
        var tool = AIFunctionFactory.Create((string text) => texts.Add(text), EmbeddedAnswerer.TakeMessageTool);

        var response = await client.GetResponseAsync("מי זכה בגביע?", Options(Bakery, tool), TestContext.Current.CancellationToken);

        texts.ShouldBe(["מי זכה בגביע?"]);
        response.Text.ShouldBe("אין לי תשובה לשאלה הזאת. העברתי אותה לבעל העסק.");
    }

    [Fact]
    public async Task Customer_is_not_told_so_when_the_tool_failed()
    {
        using var client = _answerer.AsBuilder().UseFunctionInvocation().Build();
        var tool = AIFunctionFactory.Create(
            string (string text) => throw new InvalidOperationException(text), EmbeddedAnswerer.TakeMessageTool);

        var response = await client.GetResponseAsync("who won the cup?", Options(Bakery, tool), TestContext.Current.CancellationToken);

        response.Text.ShouldBe("I do not know the answer to that.");
    }

    [Theory]
    [InlineData("hi", "Hello!")]
    [InlineData("Good morning!", "Hello!")]
    [InlineData("שלום", "שלום!")]
    [InlineData("thanks :)", "You are welcome!")]
    [InlineData("תודה רבה", "בשמחה!")]
    public async Task Small_talk_gets_a_short_reply_and_bothers_nobody(string text, string start)
    {
        var response = await AskAsync(Bakery, text, TakeMessage);

        response.Text.ShouldStartWith(start);
        response.Messages.Single().Contents.ShouldAllBe(content => content is TextContent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?!...")]
    [InlineData("👍🏽")]
    [InlineData("1234567890")]
    public async Task Text_without_a_word_bothers_nobody(string text) =>
        (await AskAsync(Bakery, text, TakeMessage)).Text.ShouldStartWith("I do not know");

    [Theory]
    [InlineData("'; DROP TABLE faq_entries; --")]
    [InlineData("\\ & | ! <-> :* ( ' '' \\' gearbox")]
    [InlineData("a:*b & !c <2> d | (e")]
    [InlineData("\0gear\0\u200f\ud800 wheels")]
    [InlineData("ׁ׳״'’ ״״ ׳")]
    [InlineData("ʼ ªº ₪ 🦷🦷 ①②")]
    public async Task Question_of_signs_that_the_search_or_the_database_give_a_meaning_is_only_a_question(string question) =>
        (await AskAsync(Bakery, question)).Text.ShouldNotBeEmpty();

    [Theory]
    [InlineData("x")]
    [InlineData("ש")]
    [InlineData("word ")]
    [InlineData("?")]
    [InlineData("cake, ")]
    [InlineData("כן? ")]
    public async Task Long_question_is_only_a_question(string part) =>
        (await AskAsync(Bakery, string.Concat(Enumerable.Repeat(part, 4000 / part.Length)))).Text.ShouldNotBeEmpty();

    [Fact]
    public async Task Question_of_four_thousand_different_letters_is_only_a_question() =>
        (await AskAsync(Bakery, string.Join(' ', Enumerable.Range(0, 1000).Select(n => $"w{n:x}q")))).Text.ShouldStartWith("I do not know");

    [Fact]
    public async Task Entry_of_another_business_is_never_found()
    {
        (await AskAsync(Garage, "do you repair gearboxes?")).Text.ShouldBe("We do.");
        (await AskAsync(Bakery, "do you repair gearboxes?")).Text.ShouldStartWith("I do not know");
        (await AskAsync(Garage, "do you deliver on Friday?")).Text.ShouldStartWith("I do not know");
    }

    [Theory]
    [InlineData("do you deliver on friday")]
    [InlineData("who won the cup?")]
    public async Task Stream_says_the_same(string question)
    {
        var whole = await AskAsync(Bakery, question);

        var streamed = await _answerer.GetStreamingResponseAsync(
            [new(ChatRole.User, question)], Options(Bakery), TestContext.Current.CancellationToken)
            .ToChatResponseAsync(TestContext.Current.CancellationToken);

        streamed.Text.ShouldBe(whole.Text);
        streamed.AdditionalProperties?[EmbeddedAnswerer.FaqEntryProperty].ShouldBe(
            whole.AdditionalProperties?[EmbeddedAnswerer.FaqEntryProperty]);
    }

    [Theory]
    [InlineData("when are you open?", "We are open Sunday to Thursday 08:00–19:00; Friday 08:00–13:00.")]
    [InlineData("are you open on saturdays", "We are open Sunday to Thursday 08:00–19:00; Friday 08:00–13:00.")]
    [InlineData("matay atem ptuchim", "We are open Sunday to Thursday 08:00–19:00; Friday 08:00–13:00.")]
    [InlineData("מתי אתם פתוחים?", "שעות הפתיחה שלנו: ימים ראשון עד חמישי 08:00–19:00; יום שישי 08:00–13:00.")]
    [InlineData("what's your phone number?", "Our phone number is +97235550001, and on WhatsApp +972505550001.")]
    [InlineData("מה מספר הטלפון שלכם", "מספר הטלפון שלנו: +97235550001, ובוואטסאפ: +972505550001.")]
    public async Task Hours_and_numbers_that_no_entry_says_are_answered_from_the_record(string question, string answer)
    {
        var response = await AskAsync(Garage, question, TakeMessage);

        response.Text.ShouldBe(answer);
        response.AdditionalProperties.ShouldBeNull();
    }

    [Theory]
    [InlineData("when is the pool open?")]
    [InlineData("what is the phone number of the mayor?")]
    [InlineData("מתי הבריכה פתוחה?")]
    public async Task Hours_and_numbers_of_something_else_are_not(string question) =>
        (await AskAsync(Garage, question)).AdditionalProperties.ShouldBeNull();

    [Fact]
    public async Task Entry_about_the_hours_comes_before_the_record() =>
        (await AskAsync(Bakery, "מתי אתם פתוחים?")).Text.ShouldBe("משבע עד שבע.");

    [Fact]
    public async Task Record_without_hours_and_numbers_says_nothing()
    {
        var business = Profile("en-GB", hours: OpeningHours.None, phone: null, []);

        (await AskAsync(business, "when are you open?")).Text.ShouldStartWith("I do not know");
        (await AskAsync(business, "what is your phone number?")).Text.ShouldStartWith("I do not know");
    }

    [Fact]
    public Task Options_without_a_reply_are_refused() =>
        Should.ThrowAsync<InvalidOperationException>(() =>
            _answerer.GetResponseAsync("do you deliver?", new ChatOptions(), TestContext.Current.CancellationToken));

    private static ChatOptions Options(BusinessProfile business, params AITool[] tools)
    {
        AdditionalPropertiesDictionary properties = [];
        new ReplyDraft(business, AgentChannel.WhatsApp, conversationId: null, TimeProvider.System).AttachTo(properties);
        return new ChatOptions { AdditionalProperties = properties, Tools = tools };
    }

    private static long IdOf(string answer) => answer switch { "Until noon." => 1, "משבע עד שבע." => 2, _ => 3 };

    private static BusinessProfile Profile(string language, params (string Question, string Answer)[] faq) => Profile(
        language,
        new OpeningHours(Enumerable.Range(0, 6)
            .Select(day => new OpeningPeriod((DayOfWeek)day, new TimeOnly(8, 0), new TimeOnly(day < 5 ? 19 : 13, 0)))),
        "+97235550001",
        faq);

    private static BusinessProfile Profile(string language, OpeningHours hours, string? phone, (string Question, string Answer)[] faq) =>
        new BusinessProfile
        {
            Id = 1,
            Version = 1,
            Name = "Business",
            BusinessType = "business",
            Language = language,
            TimeZone = Business.DefaultTimeZone,
            OpeningHours = hours,
            Greeting = default,
            SystemPrompt = default,
            Phone = phone,
            WhatsappNumber = phone is null ? null : "+972505550001",
            FaqEntries = [.. faq.Select((entry, i) => new FaqEntryText(i + 1, entry.Question, entry.Answer))],
        }.Prepare(TimeProvider.System);

    private Task<ChatResponse> AskAsync(BusinessProfile business, string question, params AITool[] tools) =>
        _answerer.GetResponseAsync(question, Options(business, tools), TestContext.Current.CancellationToken);
}
