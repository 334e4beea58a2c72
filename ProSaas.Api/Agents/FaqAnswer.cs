namespace ProSaas.Api.Agents;

/// <summary>One entry of a business's FAQ.</summary>
internal sealed record FaqAnswer(string Question, string Answer);
