using ProSaas.Api.Agents.Faq;

namespace ProSaas.Tests.Agents.Faq;

/// <summary>A search's work is counted, so that its bound does not depend on the machine.</summary>
public sealed class FaqIndexBoundsTests
{
    private const int MostWork = 60_000;
    private const int MostIndexBytes = 1_000_000;
    private const int MostEntries = 500;
    private const int MostQuestion = 500;
    private const int MostAnswer = 4_000;

    public static TheoryData<string> Letters =>
        ["latin", "hebrew", "two letters", "one word", "anagrams", "marks", "accents", "signs", "one known word"];

    [Theory]
    [MemberData(nameof(Letters))]
    public void Search_of_24_unknown_words_in_the_largest_faq_is_bounded(string letters)
    {
        var index = Largest(letters);

        var search = index.Search(Fill(letters, seed: -1, MostAnswer, words: 24));

        search.Work.ShouldBeLessThanOrEqualTo(MostWork);
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void Search_for_the_longest_question_in_the_largest_faq_is_bounded(string letters) =>
        Largest(letters).Search(Fill(letters, seed: -1, MostAnswer)).Work.ShouldBeLessThanOrEqualTo(MostWork);

    [Theory]
    [MemberData(nameof(Letters))]
    public void Index_of_the_largest_faq_is_little_larger_than_its_texts(string letters)
    {
        var index = Largest(letters);

        (index.SizeInBytes - index.TextBytes).ShouldBeLessThanOrEqualTo(MostIndexBytes);
    }

    [Fact]
    public void Index_of_ten_ordinary_entries_takes_less_than_3000_bytes()
    {
        var index = FaqIndex.Create(
            [.. Questions.QuestionSet.Read(Questions.QuestionSet.Tuning).SelectMany(business => business.Faq).Take(10).Select((entry, i) =>
                new FaqEntryText(i, entry.Question, entry.Answer))],
            "Business");

        (index.SizeInBytes - index.TextBytes).ShouldBeLessThanOrEqualTo(3_000);
    }

    [Fact]
    public void Entries_beyond_the_most_are_left_out()
    {
        var index = FaqIndex.Create(
            [.. Enumerable.Range(0, FaqIndex.MaxEntries + 1).Select(i => new FaqEntryText(i, $"question{i}", "answer"))], "Business");

        index.Count.ShouldBe(FaqIndex.MaxEntries);
        index.Find($"question{FaqIndex.MaxEntries - 1}").ShouldNotBeNull().Id.ShouldBe(FaqIndex.MaxEntries - 1);
    }

    private static FaqIndex Largest(string letters) => FaqIndex.Create(
        [.. Enumerable.Range(0, MostEntries)
            .Select(i => new FaqEntryText(i, Fill(letters, i, MostQuestion), Fill(letters, i + MostEntries, MostAnswer)))],
        "Business");

    private static string Fill(string letters, int seed, int length, int words = int.MaxValue)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < words && text.Length < length; i++)
        {
            text.Append(Word(letters, random)).Append(letters is "one word" ? "" : " ");
        }

        text.Length = Math.Min(text.Length, length);
        return text.ToString();
    }

    private static string Word(string letters, Random random) => letters switch
    {
        "latin" => RandomWord(random, 'a', 26, 8),
        "hebrew" => RandomWord(random, 'א', 27, 7),
        "two letters" => RandomWord(random, 'a', 26, 2),
        "one word" => RandomWord(random, 'a', 26, 100),
        "anagrams" => Shuffled(random, "abcdefgh"),
        "marks" => "e\u0301\u0302\u0303\u05B8x",
        "accents" => RandomWord(random, '\u00C0', 300, 6),
        "signs" => string.Create(CultureInfo.InvariantCulture, $"?!{random.Next(9)}\ud800🦷"),
        _ => "delivery",
    };

    private static string RandomWord(Random random, char first, int letters, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)(first + random.Next(letters))));

    private static string Shuffled(Random random, string word)
    {
        var letters = word.ToCharArray();
        random.Shuffle(letters);
        return new string(letters);
    }
}
