using System.Runtime.InteropServices;

namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// Turns texts into terms, those of entries and of questions by the same rules. Reads one text after another; not for two threads.
/// </summary>
internal sealed class Analyzer(Lexicon lexicon)
{
    /// <summary>Letters of a word that may have a prefix.</summary>
    private const int MinPrefixed = 3;

    /// <summary>Stems of the text's words; 0 for one that may stand inside a phrase without changing it.</summary>
    private readonly List<ulong> _stems = [];

    public Tokenizer Text { get; } = new();

    /// <summary>The terms of the text read last, stop words left out.</summary>
    public List<AnalyzedTerm> Terms { get; } = [];

    public void Analyze(ReadOnlySpan<char> text, int maxWords)
    {
        Text.Read(text, maxWords);
        _stems.Clear();
        foreach (var token in Text.Tokens)
        {
            var word = Text.Letters(token);
            _stems.Add(lexicon.IsArticle(word) ? 0 : Lexicon.StemOf(word));
        }

        FindTerms();
    }

    /// <summary>Looks for phrases again, with other stems for misspelt words.</summary>
    /// <param name="stemOf">The stem of what was meant; 0 for a word that is right.</param>
    public void Respell(Func<Token, ulong> stemOf)
    {
        for (var i = 0; i < _stems.Count; i++)
        {
            _stems[i] = stemOf(Text.Tokens[i]) is not 0 and var meant ? meant : _stems[i];
        }

        FindTerms();
    }

    /// <summary>Keys of the words that a phrase consists of, stop words left out; of a single word none.</summary>
    public IEnumerable<uint> PartsOf(AnalyzedTerm phrase)
    {
        for (var i = phrase.At; phrase.Words > 1 && i < phrase.At + phrase.Words; i++)
        {
            var sense = _stems[i] is 0 ? Sense.StopWord : lexicon.Find(Text.Letters(Text.Tokens[i]), _stems[i]);
            foreach (var key in KeysOf(sense, _stems[i]))
            {
                yield return key;
            }
        }
    }

    /// <summary>What a word is found by in an index: its concepts, else its stem; none of a stop word.</summary>
    public static IEnumerable<uint> KeysOf(Sense? sense, ulong stem) =>
        sense is { IsStopWord: true } ? []
            : sense is { Concepts: { Count: > 0 } concepts } ? concepts.Select(concept => concept.Key)
            : [FaqIndex.KeyOf(stem)];

    /// <summary>
    /// A phrase that starts with this word, or with what is left of it without a letter that Hebrew writes as one word with the next.
    /// </summary>
    private Sense? FindPhrase(ReadOnlySpan<char> word, ReadOnlySpan<ulong> stems, out int length)
    {
        var phrase = lexicon.FindPhrase(stems, out length);
        if (phrase is not null || stems.Length is 1 || word.Length < MinPrefixed || !Stemmer.IsPrefix(word[0]))
        {
            return phrase;
        }

        Span<ulong> bare = stackalloc ulong[stems.Length];
        stems.CopyTo(bare);
        bare[0] = Lexicon.StemOf(word[1..]);
        return lexicon.FindPhrase(bare, out length);
    }

    private void FindTerms()
    {
        Terms.Clear();
        for (var i = 0; i < Text.Tokens.Count; i++)
        {
            i += AddTerm(i) - 1;
        }
    }

    /// <summary>Adds the term that starts at a word, and says how many words it has.</summary>
    private int AddTerm(int at)
    {
        var token = Text.Tokens[at];
        var end = at + 1;
        while (end < Text.Tokens.Count && end < at + Lexicon.MaxPhraseSpan && Text.Tokens[end].Clause == token.Clause)
        {
            end++;
        }

        var stems = CollectionsMarshal.AsSpan(_stems)[at..end];
        var word = Text.Letters(token);
        if (stems[0] is not 0 && FindPhrase(word, stems, out var length) is { } phrase)
        {
            Terms.Add(new AnalyzedTerm(token, stems[0], phrase, at, length));
            return length;
        }

        if (word.Length > 1 && stems[0] is not 0 && word.ContainsAnyExceptInRange('0', '9'))
        {
            var sense = lexicon.Find(word, stems[0]);
            if (sense is not { IsStopWord: true })
            {
                Terms.Add(new AnalyzedTerm(token, stems[0], sense, at, Words: 1));
            }
        }

        return 1;
    }
}
