using System.Collections.Frozen;

namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// Ranks the entries of an index for one question. A term weighs the more, the fewer entries have it (inverse document frequency);
/// an entry's coverage is the share of the question's weight that it has.
/// </summary>
internal sealed class FaqRanker(FaqIndex index, IReadOnlyList<QuestionTerm> terms, Analyzer analyzer)
{
    /// <summary>
    /// What is enough: the least coverage, with the least focus. Of "gift cards for pets" an entry about gift cards has too little;
    /// a wedding is not what "Do you clean wedding dresses?" is about.
    /// </summary>
    private static readonly (float Coverage, float Focus)[] Enough = [(0.6f, 0.99f), (0.66f, 0.55f), (0.72f, 0.5f), (0.95f, 0.45f)];

    /// <summary>Names of concepts in <c>synonyms.txt</c> that ask one thing of many: an entry that does not say it is no answer.</summary>
    private static readonly FrozenSet<string> Aspects = FrozenSet.Create(
        StringComparer.Ordinal, "price", "how-long", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");

    /// <summary>By how much the best entry must lead: of two that are equally good, one is wrong.</summary>
    private const float MinLead = 0.03f;

    /// <summary>What of its weight a term keeps that the business's own name or type has.</summary>
    private const float InName = 0.3f;

    private const float InAnswer = 0.65f;
    private const int MaxCandidates = 3;
    private const int MaxWords = 250;

    private readonly float[] _weights = new float[terms.Count];

    /// <summary>Postings read.</summary>
    public int Work { get; private set; }

    /// <summary>The best entries, best first.</summary>
    public List<FaqCandidate> Rank()
    {
        var (all, asked) = (new float[index.Count], new float[index.Count]);
        var found = new float[index.Count];
        for (var i = 0; i < terms.Count; i++)
        {
            Array.Clear(found);
            var count = FindTerm(terms[i], found);
            _weights[i] = WeightOf(terms[i], count);
            for (var entry = 0; entry < found.Length; entry++)
            {
                all[entry] += found[entry] * _weights[i];
                asked[entry] += terms[i].IsAsked ? found[entry] * _weights[i] : 0;
            }
        }

        var ofAll = _weights.Sum();
        var ofAsked = terms.Zip(_weights, (term, weight) => term.IsAsked ? weight : 0).Sum();
        return [.. Enumerable.Range(0, index.Count)
            .Where(entry => all[entry] > 0)
            .Select(entry => new FaqCandidate(entry, Coverage(all[entry] / ofAll, ofAsked > 0 ? asked[entry] / ofAsked : 0), Focus: 0))
            .OrderByDescending(candidate => candidate.Coverage)
            .Take(MaxCandidates)
            .Select(candidate => candidate with { Focus = FocusOf(candidate.Entry) })
            .OrderByDescending(candidate => candidate.Score)];
    }

    /// <summary>The entry that answers the question; -1 when none surely does.</summary>
    /// <param name="best">What <see cref="Rank"/> gave.</param>
    public int Choose(IReadOnlyList<FaqCandidate> best)
    {
        if (best is not [var first, ..] || (best.Count > 1 && first.Score - best[1].Score < MinLead))
        {
            return -1;
        }

        return Array.Exists(Enough, least => first.Coverage >= least.Coverage && first.Focus >= least.Focus) && SaysWhatIsAsked(first.Entry)
            ? first.Entry
            : -1;
    }

    /// <summary>Whether an entry says what is asked of its thing: the price of a haircut does not answer how long one takes.</summary>
    private bool SaysWhatIsAsked(int entry) => terms.All(term =>
        !term.IsAsked
        || !term.Concepts.Any(concept => Aspects.Contains(concept.Name))
        || term.Keys.Any(key => Has(key.Key, entry))
        || (term.Concepts.Any(concept => concept.Name is "price") && index.NamesCurrency(entry)));

    private bool Has(uint key, int entry)
    {
        foreach (var posting in index.PostingsOf(key))
        {
            if (FaqIndex.EntryOf(posting) == entry)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a customer tells before the question counts less than the question.</summary>
    private static float Coverage(float ofAll, float ofAsked) => Math.Max(ofAll, (ofAll + ofAsked) / 2);

    /// <summary>How well each entry has the term, from 0 to 1; gives how many have it.</summary>
    private int FindTerm(QuestionTerm term, float[] found)
    {
        var count = 0;
        foreach (var (key, fit) in term.Keys)
        {
            foreach (var posting in index.PostingsOf(key))
            {
                Work++;
                var entry = FaqIndex.EntryOf(posting);
                count += found[entry] is 0 ? 1 : 0;
                found[entry] = Math.Max(found[entry], FaqIndex.IsInQuestion(posting) ? fit : fit * InAnswer);
            }
        }

        return count;
    }

    private float WeightOf(QuestionTerm term, int count)
    {
        var rarity = MathF.Log(1 + (index.Count / (0.5f + Math.Max(count, 1))));
        return term.Weight * rarity * (term.Keys.Any(key => index.IsOwnName(key.Key)) ? InName : 1);
    }

    /// <summary>The share of the weight of an entry's own question that was asked for.</summary>
    private float FocusOf(int entry)
    {
        analyzer.Analyze(index.QuestionOf(entry), MaxWords);
        var (all, asked) = (0f, 0f);
        foreach (var term in analyzer.Terms)
        {
            uint[] keys = [.. Analyzer.KeysOf(term.Sense, term.Stem)];
            var weight = term.Sense?.Weight ?? 1;
            weight *= weight >= 0.6f ? 1 : 0.5f;
            weight *= keys.Any(index.IsOwnName) ? InName : 1;
            all += weight;
            asked += terms.Any(one => one.Keys.Any(key => keys.Contains(key.Key)) || one.Parts.Any(keys.Contains)) ? weight : 0;
        }

        asked += terms.Where(term => term.IsTopic && HasInAnswer(term, entry)).Sum(term => term.Weight);
        return all > 0 ? Math.Min(asked / all, 1) : 1;
    }

    /// <summary>Whether an entry's answer says what its question asks for in general: "Which languages?" "French".</summary>
    private bool HasInAnswer(QuestionTerm term, int entry)
    {
        var found = false;
        foreach (var (key, _) in term.Keys)
        {
            foreach (var posting in index.PostingsOf(key))
            {
                if (FaqIndex.EntryOf(posting) == entry)
                {
                    found = true;
                    if (FaqIndex.IsInQuestion(posting))
                    {
                        return false;
                    }
                }
            }
        }

        return found;
    }
}
