using CsCheck;
using ProSaas.Api.Speech;

namespace ProSaas.Tests.Speech;

public sealed class SpeechTextTests
{
    private static readonly string[] Parts =
        ["a", "word", " ", "\n", ". ", "! ", "? ", "שלום", "ש\u05C1ל\u05BC", "3.14", "\"Yes.\" ", "👩‍👩‍👧‍👦", "🇮🇱", "e\u0301", "。", "-"];

    private static readonly Gen<string> Texts = Gen.Int[0, Parts.Length - 1].Array[0, 60].Select(chosen => string.Concat(chosen.Select(part => Parts[part])));

    [Fact]
    public void Pieces_make_up_the_text_fit_and_cut_no_character() => Gen.Select(Texts, Gen.Int[30, 80]).Sample((text, max) =>
    {
        var pieces = SpeechText.Split(text, max).ShouldNotBeNull();

        pieces.ShouldAllBe(piece => Encoding.UTF8.GetByteCount(piece) <= max);
        WithoutSpace(string.Concat(pieces)).ShouldBe(WithoutSpace(text));
        StringInfo.ParseCombiningCharacters(text).Where(start => !string.IsNullOrWhiteSpace(StringInfo.GetNextTextElement(text, start))).Count()
            .ShouldBe(pieces.Sum(piece => StringInfo.ParseCombiningCharacters(piece).Where(start => !string.IsNullOrWhiteSpace(StringInfo.GetNextTextElement(piece, start))).Count()));
    });

    [Theory]
    [InlineData("One two. Three four. Five six.", "One two. |Three four. |Five six.")]
    [InlineData("\"One two.\" Three four.", "\"One two.\" |Three four.")]
    [InlineData("אחת שתיים. שלוש ארבע חמש.", "אחת שתיים. |שלוש ארבע |חמש.")]
    [InlineData("Pi is 3.14159 about here", "Pi is 3.14159 about |here")]
    [InlineData("One\nTwo three four five", "One\n|Two three four five")]
    [InlineData("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahr|tsgesellschaft")]
    public void Text_is_cut_after_a_sentence_else_after_a_word(string text, string expected)
        => string.Join('|', SpeechText.Split(text, maxBytes: 20)!).ShouldBe(expected);

    [Fact]
    public void Character_that_is_too_large_alone_is_told() => SpeechText.Split("a" + new string('\u0301', 3_000)).ShouldBeNull();

    [Fact]
    public void Short_text_is_one_piece() => SpeechText.Split("Hello. World.").ShouldBe(["Hello. World."]);

    private static string WithoutSpace(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
