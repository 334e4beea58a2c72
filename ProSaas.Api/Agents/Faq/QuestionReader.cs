namespace ProSaas.Api.Agents.Faq;

/// <summary>Reads a customer's question into the terms that are looked for in one index. Made for one question.</summary>
internal sealed class QuestionReader(Lexicon lexicon, Analyzer analyzer, FaqIndex index)
{
    /// <summary>A customer's question has fewer; of a longer text the first ones count.</summary>
    private const int MaxTerms = 24;
    private const int MaxWords = 250;

    private const float WeakerFit = 0.8f;
    private const float MisspeltFit = 0.92f;

    /// <summary>Of a word that neither the lexicon nor the business knows: it may be anything.</summary>
    private const float UnknownWeight = 0.9f;

    private readonly List<MisspeltWord> _misspelt = [];
    private SpellingCorrector? _corrector;
    private int _words;

    public int Work => _words + (_corrector?.Work ?? 0);

    /// <summary>None when the text has no word that says what it is about.</summary>
    public IReadOnlyList<QuestionTerm> Read(string question)
    {
        analyzer.Analyze(question, MaxWords);
        _words = analyzer.Text.Tokens.Count;
        Correct();
        var terms = analyzer.Terms.DistinctBy(term => (term.Stem, term.Word.Clause)).Take(MaxTerms).ToList();
        List<(QuestionTerm Term, int Clause)> read = [];
        foreach (var term in terms)
        {
            if (ToQuestionTerm(term) is { } asked)
            {
                read.Add((asked with { Parts = [.. analyzer.PartsOf(term)] }, term.Word.Clause));
            }
        }

        return read.TrueForAll(one => one.Term.Weight is Sense.LightWeight) ? [] : MarkAsked(read);
    }

    private void Correct()
    {
        foreach (var term in analyzer.Terms.DistinctBy(term => term.Stem).Take(MaxTerms))
        {
            if (term.Sense is null && !index.Contains(FaqIndex.KeyOf(term.Stem)))
            {
                _misspelt.Add(new MisspeltWord(analyzer.Text.Letters(term.Word).ToString()));
            }
        }

        if (_misspelt.Count > 0)
        {
            // The business's own words first: of two as near, the first are kept.
            _corrector = new SpellingCorrector([.. _misspelt]);
            _corrector.Scan(index.Vocabulary, withSounds: true);
            _corrector.Scan(lexicon.Vocabulary, withSounds: false);
            analyzer.Respell(token => Misspelt(token) is { Nearest: [var nearest, ..] } ? Lexicon.StemOf(nearest) : 0);
        }
    }

    private MisspeltWord? Misspelt(Token token)
    {
        foreach (var word in _misspelt)
        {
            if (analyzer.Text.Letters(token).SequenceEqual(word.Letters))
            {
                return word;
            }
        }

        return null;
    }

    private QuestionTerm? ToQuestionTerm(AnalyzedTerm term)
    {
        var key = FaqIndex.KeyOf(term.Stem);
        return term.Words is 1 && Misspelt(term.Word) is { } misspelt ? FromNearest(misspelt, key)
            : term.Sense is { } sense ? ToQuestionTerm(sense, key, 1)
            : new QuestionTerm([(key, 1)], index.Contains(key) ? 1 : UnknownWeight, IsAsked: true, []);
    }

    private QuestionTerm? FromNearest(MisspeltWord word, uint key)
    {
        if (word.Distance > 1 && lexicon.FindSound(word.Sound) is { } sounded)
        {
            return ToQuestionTerm(sounded, key, MisspeltFit);
        }

        if (word.Nearest.Count is 0)
        {
            return new QuestionTerm([(key, 1)], UnknownWeight, IsAsked: true, []);
        }

        List<QuestionTerm> meant = [];
        foreach (var nearest in word.Nearest)
        {
            var stem = Lexicon.StemOf(nearest);
            var sense = lexicon.Find(nearest, stem);
            if (sense is { IsStopWord: true })
            {
                return null;
            }

            var nearestKey = FaqIndex.KeyOf(stem);
            meant.Add(sense is null
                ? new QuestionTerm([(nearestKey, MisspeltFit)], 1, IsAsked: true, [])
                : ToQuestionTerm(sense, nearestKey, MisspeltFit)!);
        }

        return meant[0] with { Keys = [.. meant.SelectMany(one => one.Keys)] };
    }

    private static QuestionTerm? ToQuestionTerm(Sense sense, uint stem, float fit)
    {
        if (sense.IsStopWord)
        {
            return null;
        }

        List<(uint Key, float Fit)> keys = [];
        foreach (var concept in sense.Concepts)
        {
            keys.Add((concept.Key, fit));
            keys.AddRange(concept.Weaker.Select(weaker => (weaker, fit * WeakerFit)));
        }

        if (keys.Count is 0)
        {
            keys.Add((stem, fit));
        }

        return new QuestionTerm(keys, sense.Weight, IsAsked: true, sense.Concepts);
    }

    /// <summary>
    /// Customers tell why they ask: "My car broke down, can you tow it?" What they ask is the clauses that end with a question mark, or the
    /// last one, when these name a thing.
    /// </summary>
    private List<QuestionTerm> MarkAsked(List<(QuestionTerm Term, int Clause)> terms)
    {
        var asks = terms.Exists(term => analyzer.Text.Asks(term.Clause));
        var last = terms[^1].Clause;
        bool IsAsked(int clause) => asks ? analyzer.Text.Asks(clause) : clause == last;
        var namesThing = terms.Exists(term => term.Term.IsTopic && IsAsked(term.Clause));
        return terms.ConvertAll(term => term.Term with { IsAsked = !namesThing || IsAsked(term.Clause) });
    }
}
