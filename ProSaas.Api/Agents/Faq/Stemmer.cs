namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// Cuts a word to what its forms have in common, by rough rules: of English its endings; of Hebrew its endings, the letters inside
/// that stand for vowels, and the letters that it writes as one word with the next.
/// </summary>
internal static class Stemmer
{
    private const string HebrewPrefixes = "ובהלכמש";

    /// <summary>A Hebrew root has three letters.</summary>
    private const int MinRoot = 3;

    private static readonly string[] HebrewEndings = ["ייכמ", "יימ", "יות", "ימ", "ות", "ית", "נו", "כמ", "ה", "ת", "י"];
    private static readonly string[] EnglishEndings = ["ation", "ment", "ness", "ing", "ed", "er", "ly"];

    /// <summary>The least that an English ending leaves, in the order of the endings.</summary>
    private static readonly int[] LeastLeft = [3, 4, 4, 3, 3, 4, 4];

    /// <summary>Writes the word's stem and says how long it is; never 0.</summary>
    /// <param name="word">Folded letters, at least one.</param>
    /// <param name="stem">As long as the word at least.</param>
    public static int Stem(ReadOnlySpan<char> word, Span<char> stem)
    {
        word.CopyTo(stem);
        var copy = stem[..word.Length];
        return LetterFolding.IsHebrew(word[0]) ? HebrewRoot(copy)
            : LetterFolding.IsLatin(word[0]) ? EnglishStem(copy)
            : word.Length switch { >= 7 => word.Length - 2, >= 5 => word.Length - 1, _ => word.Length };
    }

    /// <summary>Whether Hebrew writes the letter as one word with the next: and, in, the, as, to, from, that.</summary>
    public static bool IsPrefix(char letter) => HebrewPrefixes.Contains(letter, StringComparison.Ordinal);

    /// <summary>How many letters of a Hebrew word may be cut off as prefixes, one at a time: 0 to 2.</summary>
    public static int Prefixes(ReadOnlySpan<char> word)
    {
        var cut = 0;
        while (cut < 2 && word.Length - cut > MinRoot && IsPrefix(word[cut]))
        {
            cut++;
        }

        return LetterFolding.IsHebrew(word[0]) ? cut : 0;
    }

    private static int HebrewRoot(Span<char> word)
    {
        var length = word.Length;
        foreach (var ending in HebrewEndings)
        {
            if (length - ending.Length >= MinRoot && word.EndsWith(ending))
            {
                length -= ending.Length;
                break;
            }
        }

        var kept = 1;
        for (var i = 1; i < length; i++)
        {
            if (i == length - 1 || word[i] is not ('ו' or 'י'))
            {
                word[kept++] = word[i];
            }
        }

        var cut = Prefixes(word[..kept]);
        cut += cut > 0 && kept - cut > MinRoot && word[cut] is 'ת' ? 1 : 0;
        word[cut..kept].CopyTo(word);
        return kept - cut;
    }

    private static int EnglishStem(Span<char> word)
    {
        var length = WithoutPlural(word);
        for (var i = 0; i < EnglishEndings.Length; i++)
        {
            if (length - EnglishEndings[i].Length >= LeastLeft[i] && word[..length].EndsWith(EnglishEndings[i]))
            {
                length = WithoutDouble(word[..(length - EnglishEndings[i].Length)]);
                break;
            }
        }

        if (length > 3 && word[length - 1] is 'e')
        {
            length--;
        }

        if (length > 2 && word[length - 1] is 'y')
        {
            word[length - 1] = 'i';
        }

        return length;
    }

    private static int WithoutPlural(Span<char> word) => word switch
    {
        [_, _, .., 'i', 'e', 's'] => word.Length - 2,
        [.., 's', 's', 'e', 's'] or [_, _, .., 'x', 'e', 's'] or [.., 'c', 'h', 'e', 's'] or [.., 's', 'h', 'e', 's'] => word.Length - 2,
        [_, _, .., not ('s' or 'u' or 'i'), 's'] => word.Length - 1,
        _ => word.Length,
    };

    private static int WithoutDouble(ReadOnlySpan<char> stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('s' or 'l' or 'z' or 'e' or 'o') ? stem.Length - 1 : stem.Length;
}
