namespace ProSaas.Api.Conversations;

/// <summary>What an agent answers to a customer's message.</summary>
/// <param name="Answerer">What wrote it: a provider's or model's name, or the embedded answerer's.</param>
/// <param name="FaqEntryId">The FAQ entry that was the answer, if one was.</param>
/// <param name="IsFallback">Whether another answerer took over because the provider did not answer.</param>
/// <param name="InputTokens">As the provider counted them; null when nobody did.</param>
/// <param name="OutputTokens">As the provider counted them; null when nobody did.</param>
/// <param name="TakenMessage">What the customer asked to tell the owner, if anything.</param>
/// <param name="HandOver">Whether a person answers from now on.</param>
public sealed record AgentReply(
    string Text, string Answerer, long? FaqEntryId, bool IsFallback, int? InputTokens, int? OutputTokens, string? TakenMessage, bool HandOver);
