namespace ProSaas.Api.Agents.Faq;

/// <summary>Turns texts into terms, those of entries and of questions by the same rules. Reads one text after another; not for two threads.</summary>
internal sealed class Analyzer(Lexicon lexicon)
{
    private readonly List<ulong> _stems = [];

    public Tokenizer Text { get; } = new();

    /// <summary>The terms of the text read last, stop words left out.</summary>
    public List<AnalyzedTerm> Terms { get; } = [];

    public void Analyze(ReadOnlySpan<char> text, int maxWords)
    {
        Text.Read(text, maxWords);
        _stems.Clear();
        Terms.Clear();
        foreach (var token in Text.Tokens)
        {
            var word = Text.Letters(token);
            _stems.Add(lexicon.IsArticle(word) ? 0 : Lexicon.StemOf(word));
        }

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
        while (end < Text.Tokens.Count && Text.Tokens[end].Clause == token.Clause)
        {
            end++;
        }

        var stems = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_stems)[at..end];
        if (stems[0] is not 0 && lexicon.FindPhrase(stems, out var length) is { } phrase)
        {
            Terms.Add(new AnalyzedTerm(token, _stems[at], phrase));
            return length;
        }

        var word = Text.Letters(token);
        if (word.Length > 1 && stems[0] is not 0 && word.ContainsAnyExceptInRange('0', '9'))
        {
            var sense = lexicon.Find(word);
            if (sense is not { IsStopWord: true })
            {
                Terms.Add(new AnalyzedTerm(token, _stems[at], sense));
            }
        }

        return 1;
    }
}
