using System.Buffers;
using System.Globalization;
using System.Text;

namespace ProSaas.Api.Agents.Faq;

/// <summary>The one place that says which letters are the same: case, accents, vowel points, final letters, apostrophes.</summary>
internal static class LetterFolding
{
    private const string From = "ךםןףץأإآٱىةё";
    private const string To = "כמנפצاااايهе";
    private const char FirstAccented = '\u00C0';
    private const char LastAccented = '\u024F';
    private const int Tatweel = 0x0640;

    private static readonly string Unaccented = string.Concat(
        Enumerable.Range(FirstAccented, LastAccented - FirstAccented + 1)
            .Select(code => ((char)code).ToString().Normalize(NormalizationForm.FormD)[0]));

    private static readonly SearchValues<char> Apostrophes = SearchValues.Create("'\"`´’‘ʼ‛“”׳״");

    /// <summary>
    /// Whether it is a part of a word that makes no difference to it: a mark, an apostrophe, a geresh, a sign of direction.
    /// </summary>
    public static bool IsIgnored(Rune rune) => rune.IsAscii ? rune.Value is '\'' or '"' or '`' : rune.Value is Tatweel
        || (rune.IsBmp && Apostrophes.Contains((char)rune.Value))
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    /// <summary>The letter that stands for all that are the same.</summary>
    public static Rune Fold(Rune rune)
    {
        if (rune.IsAscii || !rune.IsBmp)
        {
            return Rune.ToLowerInvariant(rune);
        }

        var letter = (char)rune.Value;
        letter = letter is >= FirstAccented and <= LastAccented ? Unaccented[letter - FirstAccented] : letter;
        letter = char.ToLowerInvariant(letter);
        var at = From.IndexOf(letter, StringComparison.Ordinal);
        return new Rune(at < 0 ? letter : To[at]);
    }

    public static bool IsHebrew(char letter) => letter is >= 'א' and <= 'ת';

    public static bool IsLatin(char letter) => letter is >= 'a' and <= 'z';
}
