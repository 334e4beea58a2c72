namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// What the lexicon knows of a word or phrase: that it is a stop word, that it says little, or which concepts it may mean.
/// </summary>
internal sealed record Sense(IReadOnlyList<Concept> Concepts, bool IsStopWord = false)
{
    public static readonly Sense StopWord = new([], IsStopWord: true);
    public static readonly Sense Light = new([]);

    /// <summary>Less than any concept's: words of this weight alone ask for nothing.</summary>
    public const float LightWeight = 0.25f;

    public float Weight => Concepts.Count > 0 ? Concepts.Max(concept => concept.Weight) : IsStopWord ? 0 : LightWeight;
}
