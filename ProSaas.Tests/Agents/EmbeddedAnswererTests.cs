using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using ProSaas.Api.Agents;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Agents;

public sealed class EmbeddedAnswererTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly AITool TakeMessage = AIFunctionFactory.Create((string text) => text, EmbeddedAnswerer.TakeMessageTool);

    private ServiceProvider _services = null!;
    private EmbeddedAnswerer _answerer = null!;
    private long _bakery;
    private long _garage;

    public async ValueTask InitializeAsync()
    {
        var connectionString = Database.AsApp(await postgres.CreateMigratedAsync());
        _services = new ServiceCollection()
            .AddLogging()
            .AddProSaasData()
            .AddDbContextPool<ProSaasDbContext>(options => options.UseNpgsql(connectionString).UseProSaasModel())
            .BuildServiceProvider();
        _answerer = new EmbeddedAnswerer(_services.GetRequiredService<IServiceScopeFactory>());
        _bakery = await AddAsync("en-GB", ("Do you deliver on Friday?", "Until noon."), ("מה שעות הפתיחה?", "משבע עד שבע."), ("Do you make vegan cakes?", "Yes, two kinds."));
        _garage = await AddAsync("he-IL", ("Do you repair gearboxes?", "We do."));
    }

    public async ValueTask DisposeAsync()
    {
        _answerer.Dispose();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData("do you deliver on friday", "Until noon.")]
    [InlineData("מה שעות הפתיחה שלכם?", "משבע עד שבע.")]
    [InlineData("מָה שְׁעוֹת הַפְּתִיחָה", "משבע עד שבע.")]
    [InlineData("My oven broke. DELIVERY ON FRIDAYS?", "Until noon.")]
    [InlineData("do you have vegean cake", "Yes, two kinds.")]
    public async Task Question_gets_the_answer_of_its_entry_and_the_key_of_the_entry(string question, string answer)
    {
        var response = await AskAsync(_bakery, question);

        response.Text.ShouldBe(answer);
        response.AdditionalProperties.ShouldNotBeNull()[EmbeddedAnswerer.FaqEntryProperty].ShouldBeOfType<long>().ShouldBe(await EntryAsync(_bakery, answer));
    }

    [Theory]
    [InlineData("who won the cup in 1974?", "I do not know")]
    [InlineData("מי זכה בגביע?", "אין לי תשובה")]
    public async Task Question_without_an_entry_gets_an_honest_answer_in_its_script(string question, string start)
    {
        var response = await AskAsync(_bakery, question);

        response.Text.ShouldStartWith(start);
        response.AdditionalProperties.ShouldBeNull();
    }

    [Fact]
    public async Task Question_in_neither_script_is_answered_in_the_language_of_the_business()
    {
        (await AskAsync(_garage, "¿1974?")).Text.ShouldStartWith("אין לי תשובה");
        (await AskAsync(_bakery, "Кто победил?")).Text.ShouldStartWith("I do not know");
    }

    [Fact]
    public async Task Question_without_an_entry_calls_the_tool_that_takes_a_message()
    {
        var response = await AskAsync(_bakery, "who won the cup?", TakeMessage);

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

        var response = await client.GetResponseAsync("מי זכה בגביע?", Options(_bakery, tool), TestContext.Current.CancellationToken);

        texts.ShouldBe(["מי זכה בגביע?"]);
        response.Text.ShouldBe("אין לי תשובה לשאלה הזאת. העברתי אותה לבעל העסק.");
    }

    [Fact]
    public async Task Customer_is_not_told_so_when_the_tool_failed()
    {
        using var client = _answerer.AsBuilder().UseFunctionInvocation().Build();
        var tool = AIFunctionFactory.Create(string (string text) => throw new InvalidOperationException(text), EmbeddedAnswerer.TakeMessageTool);

        var response = await client.GetResponseAsync("who won the cup?", Options(_bakery, tool), TestContext.Current.CancellationToken);

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
        var response = await AskAsync(_bakery, text, TakeMessage);

        response.Text.ShouldStartWith(start);
        response.Messages.Single().Contents.ShouldAllBe(content => content is TextContent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?!...")]
    [InlineData("👍🏽")]
    [InlineData("1234567890")]
    public async Task Text_without_a_word_bothers_nobody(string text)
        => (await AskAsync(_bakery, text, TakeMessage)).Text.ShouldStartWith("I do not know");

    [Theory]
    [InlineData("'; DROP TABLE faq_entries; --")]
    [InlineData("\\ & | ! <-> :* ( ' '' \\' gearbox")]
    [InlineData("a:*b & !c <2> d | (e")]
    [InlineData("\0gear\0\u200f\ud800 wheels")]
    [InlineData("ׁ׳״'’ ״״ ׳")]
    [InlineData("ʼ ªº ₪ 🦷🦷 ①②")]
    public async Task Question_of_signs_that_the_search_or_the_database_give_a_meaning_is_only_a_question(string question)
        => (await AskAsync(_bakery, question)).Text.ShouldNotBeEmpty();

    [Theory]
    [InlineData("x")]
    [InlineData("ש")]
    [InlineData("word ")]
    [InlineData("?")]
    [InlineData("cake, ")]
    [InlineData("כן? ")]
    public async Task Long_question_is_only_a_question(string part)
        => (await AskAsync(_bakery, string.Concat(Enumerable.Repeat(part, 4000 / part.Length)))).Text.ShouldNotBeEmpty();

    [Fact]
    public async Task Question_of_four_thousand_different_letters_is_only_a_question()
        => (await AskAsync(_bakery, string.Join(' ', Enumerable.Range(0, 1000).Select(n => $"w{n:x}q")))).Text.ShouldStartWith("I do not know");

    [Fact]
    public async Task Entry_of_another_business_is_never_found()
    {
        (await AskAsync(_garage, "do you repair gearboxes?")).Text.ShouldBe("We do.");
        (await AskAsync(_bakery, "do you repair gearboxes?")).Text.ShouldStartWith("I do not know");
        (await AskAsync(_garage, "do you deliver on Friday?")).Text.ShouldStartWith("I do not know");
    }

    [Theory]
    [InlineData("do you deliver on friday")]
    [InlineData("who won the cup?")]
    public async Task Stream_says_the_same(string question)
    {
        var whole = await AskAsync(_bakery, question);

        var streamed = await _answerer.GetStreamingResponseAsync([new(ChatRole.User, question)], Options(_bakery), TestContext.Current.CancellationToken)
            .ToChatResponseAsync(TestContext.Current.CancellationToken);

        streamed.Text.ShouldBe(whole.Text);
        streamed.AdditionalProperties?[EmbeddedAnswerer.FaqEntryProperty].ShouldBe(whole.AdditionalProperties?[EmbeddedAnswerer.FaqEntryProperty]);
    }

    [Fact]
    public Task Options_without_a_business_are_refused()
        => Should.ThrowAsync<InvalidOperationException>(_answerer.GetResponseAsync("do you deliver?", new ChatOptions(), TestContext.Current.CancellationToken));

    private static ChatOptions Options(long business, params AITool[] tools)
        => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [EmbeddedAnswerer.BusinessProperty] = business }, Tools = tools };

    private Task<ChatResponse> AskAsync(long business, string question, params AITool[] tools)
        => _answerer.GetResponseAsync(question, Options(business, tools), TestContext.Current.CancellationToken);

    private Task<long> EntryAsync(long business, string answer) => InScopeAsync(unit => unit.ForBusinessAsync(
        business, (context, ct) => context.FaqEntries.Where(entry => entry.Answer == answer).Select(entry => entry.Id).SingleAsync(ct), TestContext.Current.CancellationToken));

    private Task<long> AddAsync(string language, params (string Question, string Answer)[] faq) => InScopeAsync(unit => unit.AsSystemAsync("test", async (context, ct) =>
    {
        var business = new Business { Name = "Business", BusinessType = "business", Greeting = "", SystemPrompt = "", Language = language };
        context.Add(business);
        await context.SaveChangesAsync(ct);
        context.AddRange(faq.Select(entry => new FaqEntry { BusinessId = business.Id, Question = entry.Question, Answer = entry.Answer }));
        await context.SaveChangesAsync(ct);
        return business.Id;
    }, TestContext.Current.CancellationToken));

    private async Task<T> InScopeAsync<T>(Func<UnitOfWork, Task<T>> act)
    {
        await using var scope = _services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<UnitOfWork>());
    }
}
