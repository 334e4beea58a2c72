namespace ProSaas.Api.Agents.Faq;

/// <summary>An entry of a FAQ.</summary>
/// <param name="Id">Its key.</param>
internal readonly record struct FaqEntryText(long Id, string Question, string Answer);
