namespace ProSaas.Data.Faq;

/// <summary>What one word of a question asks for.</summary>
/// <param name="Query">In the language of <c>to_tsquery</c>: the word's forms, and words that mean the same.</param>
/// <param name="Forms">What to compare letter by letter when no entry has any of them.</param>
/// <param name="Weight">1 for what the question is about, less for words that many questions have.</param>
/// <param name="IsAsked">Whether it stands in the question proper, not in what is told before it.</param>
internal sealed record FaqTerm(string Query, IReadOnlyList<string> Forms, double Weight, bool IsAsked = true)
{
    /// <summary>Whether it says what the question is about.</summary>
    public bool IsTopic => Weight is 1;
}
