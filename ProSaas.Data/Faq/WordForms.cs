using System.Text;

namespace ProSaas.Data.Faq;

/// <summary>
/// The forms that a word may have in an entry, by rough rules of Hebrew and English: a stem of four letters or more is looked for as a prefix,
/// a shorter one in its usual inflections only, so that "car" does not find "card".
/// </summary>
internal static class WordForms
{
    private const string Finals = "ךםןףץ";
    private const string Ordinary = "כמנפצ";

    /// <summary>The letters that Hebrew writes as one word with the next: and, in, the, as, to, from, that.</summary>
    private const string Prefixes = "ובהכלמש";

    private const int MinPrefixSearch = 4;

    private static readonly string[] HebrewEndings = ["ייכמ", "יימ", "יות", "ימ", "ות", "ית", "נו", "כמ", "ה", "ת", "י"];
    private static readonly string[] ShortHebrewEndings = ["", "ה", "ת", "י", "ימ", "יימ", "ות", "ית", "יה", "יות", "נו", "כמ"];
    private static readonly string[] EnglishEndings = ["ations", "ation", "ments", "ment", "ings", "ing", "ers", "ies", "er", "ed", "es", "y", "e", "s"];
    private static readonly string[] ShortEnglishEndings = ["", "s", "es", "ed", "er", "ers", "ing", "ings"];

    /// <summary>A final letter of Hebrew as the ordinary one; any other as it is.</summary>
    public static Rune Fold(Rune letter) => letter.IsBmp && Finals.IndexOf((char)letter.Value, StringComparison.Ordinal) is var at and >= 0 ? new Rune(Ordinary[at]) : letter;

    /// <summary>Vowel points, apostrophes and the Hebrew signs of abbreviation, which do not end a word.</summary>
    public static bool IsInsideWord(Rune rune) => rune.Value is (>= 0x0591 and <= 0x05BD) or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
        or '\'' or '"' or '`' or '’' or '׳' or '״';

    /// <summary>The word, and in Hebrew what is left without one or two letters that may be prefixes.</summary>
    public static IEnumerable<string> Bases(string word)
    {
        yield return word;
        for (var cut = 1; cut <= 2 && IsHebrew(word) && word.Length - cut >= 3 && Prefixes.Contains(word[cut - 1], StringComparison.Ordinal); cut++)
        {
            yield return word[cut..];
        }
    }

    /// <summary>What finds the word's forms among an entry's words and, in Hebrew, its skeletons; in the language of <c>to_tsquery</c>.</summary>
    public static string QueryOf(string word)
    {
        var words = Bases(word).SelectMany(Inflections).Distinct(StringComparer.Ordinal).Select(form => form + "AB");
        var skeletons = IsHebrew(word) ? Bases(word).Where(form => form.Length > 3).Select(Skeleton).SelectMany(Inflections).Distinct(StringComparer.Ordinal).Select(form => form + "CD") : [];
        return string.Join(" | ", words.Concat(skeletons));
    }

    public static bool IsHebrew(string word) => word[0] is >= 'א' and <= 'ת';

    /// <summary>
    /// A Hebrew word without the letters inside that may stand for vowels: spelling with and without them is one, and so are many forms of a root
    /// (ביטול and לבטל, צביעה and צבע).
    /// </summary>
    private static string Skeleton(string word)
        => string.Concat(word[..1], word[1..^1].Replace("ו", "", StringComparison.Ordinal).Replace("י", "", StringComparison.Ordinal), word[^1..]);

    private static IEnumerable<string> Inflections(string word)
    {
        yield return Exactly(word);
        if (word.Length >= MinPrefixSearch)
        {
            yield return Exactly(word) + "*";
        }

        var (stem, endings) = Stem(word);
        if (stem.Length >= MinPrefixSearch)
        {
            yield return Exactly(stem) + "*";
        }
        else if (stem.Length >= 2)
        {
            foreach (var ending in endings)
            {
                yield return Exactly(stem + ending);
            }
        }
    }

    private static (string Stem, string[] Endings) Stem(string word) => word[0] switch
    {
        _ when IsHebrew(word) => (Cut(word, HebrewEndings, word.Length > 3 ? 3 : 2), ShortHebrewEndings),
        >= 'a' and <= 'z' => (Undouble(Cut(word, EnglishEndings, 3)), ShortEnglishEndings),
        _ => (word.Length switch { >= 7 => word[..^2], >= 5 => word[..^1], _ => word }, [""]),
    };

    private static string Cut(string word, string[] endings, int keep)
    {
        foreach (var ending in endings)
        {
            // One letter is taken off long words only: "wine" is not a form of "win".
            var least = ending is "e" or "y" or "er" ? keep + 1 : keep;
            if (word.Length - ending.Length >= least && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return word[..^ending.Length] + (ending is "ies" ? "y" : "");
            }
        }

        return word;
    }

    private static string Undouble(string stem) => stem.Length is 4 && stem[^1] == stem[^2] && stem[^1] is not ('s' or 'l' or 'e' or 'o') ? stem[..^1] : stem;

    private static string Exactly(string word) => $"'{word}':";
}
