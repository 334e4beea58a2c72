namespace ProSaas.Api.Agents.Faq;

/// <summary>An entry that has some of a question's terms.</summary>
/// <param name="Entry">Its number in the index.</param>
/// <param name="Coverage">The share of the question's weight that the entry has, from 0 to 1.</param>
/// <param name="Focus">The share of the weight of the entry's own question that was asked for, from 0 to 1.</param>
internal sealed record FaqCandidate(int Entry, float Coverage, float Focus)
{
    private const float CoverageShare = 0.8f;

    public float Score => (CoverageShare * Coverage) + ((1 - CoverageShare) * Focus);
}
