namespace ProSaas.Data.Faq;

/// <summary>An entry of a FAQ that has some of a question's terms.</summary>
/// <param name="Score">The share of the question's weight that it has, from 0 to 1.</param>
/// <param name="Topics">How many it has of the terms that say what the question is about.</param>
internal sealed record FaqCandidate(long Id, string Question, string Answer, double Score, int Topics);
