using CsCheck;
using ProSaas.Api.Agents.Faq;

namespace ProSaas.Tests.Agents.Faq;

public sealed class FaqIndexTests
{
    private static readonly string[] Words =
    [
        "do", "you", "have", "the", "is", "it", "what", "delivery", "friday", "card", "10", "20", "מה", "יש", "לכם", "משלוח", "בשבת", "של",
        "هل", "التوصيل", "где", "доставка", "ё", "Straße", "café", "日本", "🦷",
    ];

    private static readonly Gen<string> Questions =
        Gen.Int[0, Words.Length - 1].Array[1, 6].Select(words => string.Join(' ', words.Select(word => Words[word])) + "?");

    private static readonly Gen<string> Anything = Gen.String[1, 500].Where(text => !string.IsNullOrWhiteSpace(text));

    [Fact]
    public void Own_question_of_an_entry_is_found_whatever_its_words_and_its_neighbours() =>
        Gen.OneOf(Questions, Anything).Array[1, 12].Sample(questions =>
        {
            var index = Index(questions);
            return questions.All(question => questions[index.Find(question)!.Id] == question);
        });

    [Fact]
    public void Own_question_is_found_in_other_case_spacing_and_punctuation() =>
        Questions.Array[1, 6].Sample(questions =>
        {
            var index = Index(questions);
            return questions.All(question =>
            {
                var found = index.Find($"  {question.ToUpperInvariant().Replace(" ", "  ", StringComparison.Ordinal)}!! ");
                return found is not null && Bare(questions[found.Id]) == Bare(question);
            });
        });

    [Theory]
    [InlineData("How do you do it?")]
    [InlineData("מה יש לכם?")]
    [InlineData("?!")]
    [InlineData("👍")]
    [InlineData("ما هي ساعات العمل؟")]
    [InlineData("Во сколько вы открываетесь?")]
    [InlineData("מָה שְׁעוֹת הַפְּתִיחָה")]
    public void Own_question_is_found_though_it_has_no_word_to_search_for(string question) =>
        Index("Do you deliver?", question, "Is there parking?").Find(question).ShouldNotBeNull().Id.ShouldBe(1);

    [Fact]
    public void Nearly_the_same_questions_are_told_apart()
    {
        string[] questions =
            ["Is it 10% off?", "Is it 20% off?", "Do you fix C#?", "Do you fix C++?", "Any notable dish?", "Any not able dish?"];
        var index = Index(questions);

        questions.Select(question => questions[index.Find(question)!.Id]).ShouldBe(questions);
    }

    [Fact]
    public void Texts_come_back_as_they_were()
    {
        var index = FaqIndex.Create([new(7, "Q: one?", "A\nB"), new(9, "שתיים?", "כן")], "Bakery");

        index.Text.ShouldBe("Q: Q: one?\nA: A\nB\nQ: שתיים?\nA: כן");
        index.Find("q one").ShouldBe(new FaqMatch(7, "A\nB"));
        index.Find("שתיים").ShouldBe(new FaqMatch(9, "כן"));
    }

    [Fact]
    public void Empty_index_finds_nothing() => FaqIndex.Empty.Search("Do you deliver?").Match.ShouldBeNull();

    private static FaqIndex Index(params string[] questions) =>
        FaqIndex.Create([.. questions.Select((question, i) => new FaqEntryText(i, question, "Answer"))], "Business");

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
