namespace ProSaas.Api.Agents.Faq;

/// <summary>What a search found.</summary>
/// <param name="Match">The entry that answers the question; null when none does.</param>
/// <param name="Candidates">The best entries, best first.</param>
/// <param name="Terms">What the question was understood to ask for; none when it is an entry's own.</param>
/// <param name="Work">Steps that the search took: words and postings read, words compared.</param>
internal sealed record FaqSearchResult(
    FaqMatch? Match, IReadOnlyList<FaqCandidate> Candidates, IReadOnlyList<QuestionTerm> Terms, int Work);
