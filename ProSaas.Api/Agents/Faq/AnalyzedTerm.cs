namespace ProSaas.Api.Agents.Faq;

/// <summary>A word or phrase of a text, as the <see cref="Analyzer"/> understands it.</summary>
/// <param name="Word">The word; of a phrase, its first.</param>
/// <param name="Stem">Hash of the word's stem.</param>
/// <param name="Sense">Null when the lexicon does not know it.</param>
/// <param name="At">Number of the word among the text's.</param>
/// <param name="Words">How many words it has.</param>
internal readonly record struct AnalyzedTerm(Token Word, ulong Stem, Sense? Sense, int At, int Words);
