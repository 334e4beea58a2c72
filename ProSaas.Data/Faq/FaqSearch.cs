using Npgsql;

namespace ProSaas.Data.Faq;

/// <summary>
/// Finds the entry of a business's FAQ that answers a customer's question, in one statement.
/// <para>
/// Each term of the question (<see cref="FaqTerms"/>) is looked for in each entry: found in its question it counts in full, in its answer less,
/// and a term that no entry has may be a misspelling and counts less again. A term weighs the more, the fewer entries have it.
/// An entry's score is the share of the question's weight that it has, from 0 to 1.
/// </para>
/// </summary>
public static class FaqSearch
{
    /// <summary>Of "gift cards for pets" an entry about gift cards has two words of three: what has no more leaves out something that was asked.</summary>
    private const double Threshold = 0.68;

    /// <summary>By how much the best entry must lead: of two that are equally good, one is wrong.</summary>
    private const double Lead = 0.03;

    /// <summary>What of its weight a term keeps that the business's own name or type has: "the gym" is said of everything in it.</summary>
    private const double InName = 0.3;

    /// <summary>The least share of the things that an entry's question is about which must be asked for: a wedding is not what "Do you clean wedding dresses?" is about.</summary>
    private const double AboutTheSame = 0.4;

    private const double InAnswer = 0.65;
    private const double SameRoot = 0.9;
    private const double Misspelt = 0.85;
    private const double MisspeltSimilarity = 0.4;

    /// <summary>$1 business, of each term $2 its query, $3 its weight and $4 whether it is asked, of each form $5 its term's number and $6 its text.</summary>
    private static readonly string Rank = FormattableString.Invariant($"""
        WITH entry AS MATERIALIZED (
            SELECT id, question, answer, search_words FROM faq_entries WHERE business_id = $1
        ), own AS (
            SELECT to_tsvector('simple', translate(name || ' ' || business_type, 'ךםןףץ', 'כמנפצ')) AS words FROM businesses WHERE id = $1
        ), term AS MATERIALIZED (
            SELECT number::int, to_tsquery('simple', query) AS query, is_asked, weight = 1 AS is_topic,
                CASE WHEN own.words @@ to_tsquery('simple', query) THEN weight * {InName} ELSE weight END AS weight
            FROM own RIGHT JOIN unnest($2, $3, $4) WITH ORDINALITY AS given (query, weight, is_asked, number) ON true
        ), found AS MATERIALIZED (
            SELECT term.number, entry.id,
                CASE WHEN ts_filter(entry.search_words, ARRAY['a']::"char"[]) @@ term.query THEN 1
                    WHEN ts_filter(entry.search_words, ARRAY['c']::"char"[]) @@ term.query THEN {SameRoot}
                    WHEN ts_filter(entry.search_words, ARRAY['b']::"char"[]) @@ term.query THEN {InAnswer}
                    ELSE {SameRoot} * {InAnswer} END AS strength
            FROM term JOIN entry ON entry.search_words @@ term.query
        ), misspelt AS (
            SELECT form.number, entry.id,
                max(CASE WHEN word.weights && ARRAY['A', 'C'] THEN {Misspelt} ELSE {Misspelt} * {InAnswer} END) AS strength
            FROM unnest($5, $6) AS form (number, text)
            CROSS JOIN entry CROSS JOIN LATERAL unnest(entry.search_words) AS word
            WHERE form.number NOT IN (SELECT number FROM found) AND left(form.text, 1) = left(word.lexeme, 1) AND similarity(form.text, word.lexeme) >= {MisspeltSimilarity}
            GROUP BY form.number, entry.id
        ), hit AS (
            SELECT * FROM found UNION ALL SELECT * FROM misspelt
        ), weighed AS (
            SELECT term.number, term.is_asked, term.is_topic, term.weight * ln(1 + (SELECT count(*) FROM entry) / (0.5 + greatest(count(hit.id), 1))::double precision) AS weight
            FROM term LEFT JOIN hit USING (number)
            GROUP BY term.number, term.is_asked, term.is_topic, term.weight
        ), scored AS (
            SELECT hit.id, greatest(
                sum(hit.strength * weighed.weight) / (SELECT sum(weight) FROM weighed),
                sum(hit.strength * weighed.weight) FILTER (WHERE is_asked) / (SELECT sum(weight) FROM weighed WHERE is_asked)) AS score,
                count(*) FILTER (WHERE is_topic) AS topics
            FROM hit JOIN weighed USING (number)
            GROUP BY hit.id
        )
        SELECT id, entry.question, entry.answer, scored.score::double precision, scored.topics::int
        FROM scored JOIN entry USING (id)
        ORDER BY scored.score DESC, id
        LIMIT 2
        """);

    /// <summary>The entry that answers the question; null when none does.</summary>
    /// <param name="work">A unit of work that is not running.</param>
    /// <param name="businessId">Key of the business.</param>
    /// <param name="question">Anything; of a long text, the first words.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="InvalidOperationException">The unit of work is running.</exception>
    public static async Task<FaqMatch?> FindAsync(UnitOfWork work, long businessId, string question, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(question);
        var terms = FaqTerms.Of(question);
        return terms.Count is 0 ? null : Choose(await RankAsync(work, businessId, terms, ct));
    }

    /// <summary>The two best entries, better first.</summary>
    internal static Task<IReadOnlyList<FaqCandidate>> RankAsync(UnitOfWork work, long businessId, IReadOnlyList<FaqTerm> terms, CancellationToken ct)
    {
        string[] queries = [.. terms.Select(term => term.Query)];
        double[] weights = [.. terms.Select(term => term.Weight)];
        bool[] asked = [.. terms.Select(term => term.IsAsked)];
        int[] formTerms = [.. terms.SelectMany((term, index) => term.Forms.Select(_ => index + 1))];
        string[] forms = [.. terms.SelectMany(term => term.Forms)];
        return work.BatchForBusinessAsync(
            businessId, batch => batch.BatchCommands.Add(BatchStatement.Of(Rank, businessId, queries, weights, asked, formTerms, forms)), ReadAsync, ct);
    }

    private static async Task<IReadOnlyList<FaqCandidate>> ReadAsync(NpgsqlDataReader rows, CancellationToken ct)
    {
        List<FaqCandidate> candidates = [];
        while (await rows.ReadAsync(ct))
        {
            candidates.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetDouble(3), rows.GetInt32(4)));
        }

        return candidates;
    }

    private static FaqMatch? Choose(IReadOnlyList<FaqCandidate> best)
        => best is [var first, ..] && first.Score >= Threshold && (best.Count is 1 || first.Score - best[1].Score >= Lead) && IsAboutTheSame(first)
            ? new FaqMatch(first.Id, first.Answer)
            : null;

    private static bool IsAboutTheSame(FaqCandidate candidate)
    {
        var topics = FaqTerms.Of(candidate.Question).Count(term => term.IsTopic);
        return candidate.Topics is 0 ? topics <= 1 : candidate.Topics >= AboutTheSame * topics;
    }
}
