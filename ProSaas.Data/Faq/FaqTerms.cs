using System.Text;

namespace ProSaas.Data.Faq;

/// <summary>Splits a question into the terms that are looked for.</summary>
internal static class FaqTerms
{
    /// <summary>A customer's question has fewer; of a longer text the first ones count.</summary>
    private const int MaxTerms = 24;
    private const int MaxLength = 4000;

    private const int MaxWordLength = 40;
    private const int MinMisspeltLength = 4;

    /// <summary>Less than any meaning's: words of this weight alone ask for nothing.</summary>
    private const double LightWeight = 0.25;

    private const int MaxSwappedLength = 6;

    private static readonly System.Buffers.SearchValues<char> ClauseEnds = System.Buffers.SearchValues.Create(".!?,;:\n");

    /// <summary>None when the text has no word that says what it is about.</summary>
    public static IReadOnlyList<FaqTerm> Of(string text)
    {
        List<(IReadOnlyList<FaqTerm> Terms, bool Asks)> clauses = [];
        var rest = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny(ClauseEnds);
            var clause = end < 0 ? rest : rest[..end];
            clauses.Add((TermsOf(Words(clause)), end >= 0 && rest[end] is '?'));
            rest = rest[(clause.Length + (end < 0 ? 0 : 1))..];
        }

        if (clauses.TrueForAll(clause => clause.Terms.All(term => term.Weight is LightWeight)))
        {
            return [];
        }

        var asked = IsAskedIn(clauses);
        return [.. clauses
            .SelectMany((clause, index) => clause.Terms.Select(term => term with { IsAsked = asked(index) }))
            .GroupBy(term => term.Query, StringComparer.Ordinal)
            .Select(same => same.First() with { IsAsked = same.Any(term => term.IsAsked) })
            .Take(MaxTerms)];
    }

    /// <summary>
    /// Customers tell why they ask: "My car broke down, can you tow it?" What they ask is the clauses that end with a question mark, or the last one,
    /// when these name a thing.
    /// </summary>
    private static Predicate<int> IsAskedIn(List<(IReadOnlyList<FaqTerm> Terms, bool Asks)> clauses)
    {
        var last = clauses.FindLastIndex(clause => clause.Terms.Count > 0);
        Predicate<int> asked = clauses.Exists(clause => clause.Asks && clause.Terms.Count > 0) ? index => clauses[index].Asks : index => index == last;
        return clauses.Where((_, index) => asked(index)).Any(clause => clause.Terms.Any(term => term.IsTopic)) ? asked : _ => true;
    }

    private static List<FaqTerm> TermsOf(IReadOnlyList<string> words)
    {
        var terms = new List<FaqTerm>();
        for (var i = 0; i < words.Count; i++)
        {
            if (i + 1 < words.Count && CustomerWords.MeaningOf($"{words[i]} {words[i + 1]}") is { } phrase)
            {
                terms.Add(new FaqTerm(phrase.Query, [], phrase.Weight));
                i++;
            }
            else if (TermOf(words[i]) is { } term)
            {
                terms.Add(term);
            }
        }

        return terms;
    }

    /// <summary>Letters and digits in a row, in lower case, without vowel points and apostrophes, final letters as ordinary ones: as the entries are stored.</summary>
    internal static IReadOnlyList<string> Words(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(WordForms.Fold(Rune.ToLowerInvariant(rune)));
            }
            else if (!WordForms.IsInsideWord(rune))
            {
                Close();
            }
        }

        Close();
        return words;

        void Close()
        {
            if (word.Length is > 0)
            {
                words.Add(word.ToString(0, Math.Min(word.Length, MaxWordLength)));
                word.Clear();
            }
        }
    }

    private static FaqTerm? TermOf(string word)
    {
        // A number is a detail of what is asked.
        if (word.All(char.IsAsciiDigit))
        {
            return null;
        }

        return CustomerWords.MeaningOf(word) is { } meaning ? new FaqTerm(meaning.Query, Misspellings(word), meaning.Weight)
            : CustomerWords.IsFiller(word) ? null
            : new FaqTerm(WordForms.QueryOf(word), Misspellings(word), CustomerWords.IsLight(word) ? LightWeight : 1);
    }

    /// <summary>The word as it is and, when it is short, with two neighbours swapped: then it shares too few groups of three letters with what was meant.</summary>
    private static IReadOnlyList<string> Misspellings(string word)
    {
        var swapped = word.Length <= MaxSwappedLength ? Enumerable.Range(1, Math.Max(word.Length - 2, 0)).Select(at => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}") : [];
        return [.. WordForms.Bases(word).Concat(swapped).Where(form => form.Length >= MinMisspeltLength)];
    }
}
