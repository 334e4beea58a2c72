namespace ProSaas.Api.Agents.Faq;

/// <summary>What one word or phrase of a customer's question asks for.</summary>
/// <param name="Keys">What to look for in an index, each with how well it fits, from 0 to 1.</param>
/// <param name="Weight">1 for what the question is about, less for words that many questions have.</param>
/// <param name="IsAsked">Whether it stands in the question proper, not in what is told before it.</param>
/// <param name="Concepts">What it may mean; none for a word that the lexicon does not know.</param>
internal sealed record QuestionTerm(IReadOnlyList<(uint Key, float Fit)> Keys, float Weight, bool IsAsked, IReadOnlyList<Concept> Concepts)
{
    /// <summary>Keys of the words of a phrase; none for a single word.</summary>
    public IReadOnlyList<uint> Parts { get; init; } = [];

    /// <summary>Whether it says what the question is about.</summary>
    public bool IsTopic => Weight >= 0.6f;
}
