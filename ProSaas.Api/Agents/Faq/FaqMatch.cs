namespace ProSaas.Api.Agents.Faq;

/// <summary>An entry of a FAQ that answers a question.</summary>
/// <param name="Id">The entry's key.</param>
internal sealed record FaqMatch(long Id, string Answer);
