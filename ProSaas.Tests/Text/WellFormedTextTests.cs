using ProSaas.Api.Text;

namespace ProSaas.Tests.Text;

public sealed class WellFormedTextTests
{
    private const int Cases = 2_000;

    /// <summary>What texts are made of that go wrong: halves, pairs, joined and flagged emoji, marks, directions, NUL, what is unassigned.</summary>
    private static readonly string[] Pieces =
    [
        "a", "é", "e\u0301", "ש", "שָׁ", "\0", "\ud83d", "\ude00", "😀", "👩‍👩‍👧‍👦", "👍🏽", "🇮🇱", "🇮", "\u200d", "\u200f",
        "\ufe0f", "\ufffd", "\uffff", "\r\n", "\n", "\u0007", "한", "\u1112\u1161\u11ab", "ก็", "क्षि", "\U0010FFFF",
        "\u0600", "\\", "\"", "\\ud83d", "<",
    ];

    private static readonly JsonSerializerOptions Lenient = new() { Converters = { new WellFormedTextConverter() } };

    [Fact]
    public void Any_text_becomes_well_formed_without_NUL_and_what_was_so_stays_as_it_was() => ForAll(text =>
    {
        var made = WellFormedText.Of(text);

        IsWellFormed(made).ShouldBeTrue();
        made.ShouldNotContain('\0');
        WellFormedText.Of(made).ShouldBeSameAs(made);
        made.Length.ShouldBe(text.Count(character => character is not '\0'));
    });

    [Fact]
    public void Text_in_parts_is_the_same_as_in_one_and_each_part_is_well_formed() => ForAll((text, random) =>
    {
        var parts = new WellFormedParts();
        List<string> said = [];
        for (var start = 0; start < text.Length;)
        {
            var length = random.Next(0, Math.Min(4, text.Length - start) + 1);
            said.Add(parts.Next(text.Substring(start, length)));
            start += length;
        }

        said.Add(parts.End());

        said.ShouldAllBe(part => IsWellFormed(part));
        string.Concat(said).ShouldBe(WellFormedText.Of(text));
    });

    [Fact]
    public void Pair_that_is_split_over_two_parts_comes_whole()
    {
        var parts = new WellFormedParts();

        ((string[])[parts.Next("x\ud83d"), parts.Next(""), parts.Next("\0"), parts.Next("\ude00!"), parts.End()])
            .ShouldBe(["x", "", "", "😀!", ""]);
    }

    [Fact]
    public void Cut_is_the_longest_that_fits_of_whole_characters() => ForAll((text, random) =>
    {
        var made = WellFormedText.Of(text);
        var most = random.Next(0, made.Length + 2);

        var cut = WellFormedText.Cut(made, most);

        int[] ends = [.. StringInfo.ParseCombiningCharacters(made), made.Length];
        cut.ShouldBe(made[..ends.Last(end => end <= most)]);
    });

    [Theory]
    [InlineData("\"x\\ud83d\"", "x\ufffd")]
    [InlineData("\"\\ude00\\ud83d\"", "\ufffd\ufffd")]
    [InlineData("\"\\ud83d\\ude00\\ud83d\"", "😀\ufffd")]
    [InlineData("\"\\ud83d\\\\ude00\"", "\ufffd\\ude00")]
    [InlineData("\"\\\\\\ud83d \\n\\t\\b\\f\\r\\/\\\" \\u05e9\"", "\\\ufffd \n\t\b\f\r/\" ש")]
    [InlineData("null", null)]
    public void Json_string_with_halves_is_read_with_replacements(string json, string? text) =>
        JsonSerializer.Deserialize<string>(json, Lenient).ShouldBe(text);

    [Fact]
    public void Json_string_with_bytes_that_are_no_text_is_read_with_replacements() =>
        JsonSerializer.Deserialize<string>([.. "\"x"u8, 0xC3, .. "(\\n"u8, 0xED, 0xA0, 0xBD, (byte)'"'], Lenient)
            .ShouldNotBeNull().Replace("\ufffd", "?", StringComparison.Ordinal).ShouldStartWith("x?(\n?");

    [Fact]
    public void Json_of_any_text_is_read_as_the_text_with_its_halves_replaced() => ForAll(text =>
    {
        var json = $"\"{string.Concat(text.Select(character => $"\\u{(int)character:x4}"))}\"";

        JsonSerializer.Deserialize<string>(json, Lenient).ShouldBe(WellFormedText.ReplaceHalves(text));
    });

    private static void ForAll(Action<string> holds) => ForAll((text, _) => holds(text));

    private static void ForAll(Action<string, Random> holds)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => random.Next(4) is 0
                ? $"{(char)random.Next(0x10000)}"
                : Pieces[random.Next(Pieces.Length)]));
            try
            {
                holds(text, random);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Seed {seed}: {string.Join(' ', text.Select(character => $"{(int)character:x4}"))}", failure);
            }
        }
    }

    private static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
