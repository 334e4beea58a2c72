using CsCheck;
using ProSaas.Api.Speech.Text;

namespace ProSaas.Tests.Speech;

public sealed class TextSegmenterTests
{
    private static readonly string[] Parts =
        [
            "a",
            "word",
            " ",
            "\n",
            ". ",
            "! ",
            "? ",
            "שלום",
            "ש\u05C1ל\u05BC",
            "3.14",
            "\"Yes.\" ",
            "👩‍👩‍👧‍👦",
            "🇮🇱",
            "e\u0301",
            "。",
            "-"
        ];

    private static readonly Gen<string> Texts =
        Gen.Int[0, Parts.Length - 1].Array[0, 60].Select(chosen => string.Concat(chosen.Select(part => Parts[part])));

    [Fact]
    public void Segments_make_up_the_text_fit_and_cut_no_character() => Gen.Select(Texts, Gen.Int[30, 80]).Sample((text, max) =>
    {
        var segments = TextSegmenter.Split(text, max).ShouldNotBeNull();

        segments.ShouldAllBe(segment => Encoding.UTF8.GetByteCount(segment) <= max);
        WithoutSpace(string.Concat(segments)).ShouldBe(WithoutSpace(text));
        Characters(text).ShouldBe(segments.Sum(Characters));
    });

    [Theory]
    [InlineData("One two. Three four. Five six.", "One two. |Three four. |Five six.")]
    [InlineData("\"One two.\" Three four.", "\"One two.\" |Three four.")]
    [InlineData("אחת שתיים. שלוש ארבע חמש.", "אחת שתיים. |שלוש ארבע |חמש.")]
    [InlineData("Pi is 3.14159 about here", "Pi is 3.14159 about |here")]
    [InlineData("One\nTwo three four five", "One\n|Two three four five")]
    [InlineData("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahr|tsgesellschaft")]
    public void Text_is_cut_after_a_sentence_else_after_a_word(string text, string expected) =>
        string.Join('|', TextSegmenter.Split(text, maxBytes: 20)!).ShouldBe(expected);

    [Fact]
    public void Character_that_is_too_large_alone_is_told() => TextSegmenter.Split("a" + new string('\u0301', 3_000)).ShouldBeNull();

    [Fact]
    public void Short_text_is_one_segment() => TextSegmenter.Split("Hello. World.").ShouldBe(["Hello. World."]);

    /// <summary>As a reader sees them, without white space.</summary>
    private static int Characters(string text) => StringInfo.ParseCombiningCharacters(text)
        .Count(start => !string.IsNullOrWhiteSpace(StringInfo.GetNextTextElement(text, start)));

    private static string WithoutSpace(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
