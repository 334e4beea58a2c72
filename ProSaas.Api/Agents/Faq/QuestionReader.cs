namespace ProSaas.Api.Agents.Faq;

/// <summary>Reads a customer's question into the terms that are looked for in one index. Made for one question.</summary>
internal sealed class QuestionReader(Lexicon lexicon, FaqIndex index)
{
    /// <summary>A customer's question has fewer; of a longer text the first ones count.</summary>
    private const int MaxTerms = 24;
    private const int MaxWords = 250;

    private const float WeakerFit = 0.8f;
    private const float MisspeltFit = 0.92f;

    /// <summary>Of a word that neither the lexicon nor the business knows: it may be anything.</summary>
    private const float UnknownWeight = 0.9f;

    private readonly Analyzer _analyzer = new(lexicon);
    private readonly List<MisspeltWord> _misspelt = [];
    private SpellingCorrector? _corrector;

    public int Work => _analyzer.Text.Tokens.Count + (_corrector?.Work ?? 0);

    /// <summary>None when the text has no word that says what it is about.</summary>
    public IReadOnlyList<QuestionTerm> Read(string question)
    {
        _analyzer.Analyze(question, MaxWords);
        var terms = _analyzer.Terms.DistinctBy(term => (term.Stem, term.Word.Clause)).Take(MaxTerms).ToList();
        Correct(terms);
        List<(QuestionTerm Term, int Clause)> read = [];
        foreach (var term in terms)
        {
            if (ToQuestionTerm(term) is { } asked)
            {
                read.Add((asked, term.Word.Clause));
            }
        }

        return read.TrueForAll(one => one.Term.Weight is Sense.LightWeight) ? [] : MarkAsked(read);
    }

    private void Correct(List<AnalyzedTerm> terms)
    {
        foreach (var term in terms)
        {
            if (term.Sense is null && !index.Contains(FaqIndex.KeyOf(term.Stem)))
            {
                _misspelt.Add(new MisspeltWord(_analyzer.Text.Letters(term.Word).ToString()));
            }
        }

        if (_misspelt.Count > 0)
        {
            // The business's own words first: of two as near, the first are kept.
            _corrector = new SpellingCorrector(_misspelt);
            _corrector.Scan(index.Vocabulary, withSounds: true);
            _corrector.Scan(lexicon.Vocabulary, withSounds: false);
        }
    }

    private QuestionTerm? ToQuestionTerm(AnalyzedTerm term)
    {
        if (term.Sense is { } sense)
        {
            return ToQuestionTerm(sense, FaqIndex.KeyOf(term.Stem), 1);
        }

        var key = FaqIndex.KeyOf(term.Stem);
        if (index.Contains(key))
        {
            return new QuestionTerm([(key, 1)], 1, IsAsked: true, []);
        }

        var letters = _analyzer.Text.Letters(term.Word);
        foreach (var word in _misspelt)
        {
            if (letters.SequenceEqual(word.Letters))
            {
                return FromNearest(word, key);
            }
        }

        return new QuestionTerm([(key, 1)], UnknownWeight, IsAsked: true, []);
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
            var sense = lexicon.Find(nearest);
            if (sense is { IsStopWord: true })
            {
                return null;
            }

            var nearestKey = FaqIndex.KeyOf(Lexicon.StemOf(nearest));
            meant.Add(sense is null ? new QuestionTerm([(nearestKey, MisspeltFit)], 1, IsAsked: true, []) : ToQuestionTerm(sense, nearestKey, MisspeltFit)!);
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
        var asks = terms.Exists(term => _analyzer.Text.Asks(term.Clause));
        var last = terms[^1].Clause;
        bool IsAsked(int clause) => asks ? _analyzer.Text.Asks(clause) : clause == last;
        var namesThing = terms.Exists(term => term.Term.IsTopic && IsAsked(term.Clause));
        return terms.ConvertAll(term => term.Term with { IsAsked = !namesThing || IsAsked(term.Clause) });
    }
}
