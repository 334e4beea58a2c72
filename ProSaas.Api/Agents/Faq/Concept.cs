namespace ProSaas.Api.Agents.Faq;

/// <summary>What a group of synonyms means.</summary>
/// <param name="Name">The name that the program knows it by; empty for none.</param>
/// <param name="Weight">1 for what a question is about, less for what many questions ask of many things.</param>
/// <param name="Key">Its key in an index.</param>
internal sealed record Concept(string Name, float Weight, uint Key)
{
    /// <summary>Keys of what answers it without asking for it.</summary>
    public IReadOnlyList<uint> Weaker { get; set; } = [];
}
