using System.Text.Json.Serialization;

namespace ProSaas.Api.Conversations;

/// <summary>An agent's reply to a customer's message: the same record from the model to the client.</summary>
/// <param name="MessageId">The reply's id in the conversation; the customer's message's own where the agent says nothing.</param>
/// <param name="Text">Null where the agent says nothing, since a person has the conversation.</param>
/// <param name="Answerer">Who made it: the provider (<c>openai</c>, <c>ollama</c>) or <c>embedded</c>;
/// null where the agent says nothing.</param>
/// <param name="FaqEntryId">The FAQ entry that the embedded answerer used; null for none.</param>
/// <param name="IsFallback">Whether the embedded answerer took over because the provider failed.</param>
/// <param name="MessageTaken">Whether a message to the owner was taken.</param>
/// <param name="HandedOver">Whether a person goes on with the conversation.</param>
internal sealed record AgentReply(
    long ConversationId,
    long MessageId,
    string? Text,
    string? Answerer,
    long? FaqEntryId,
    bool IsFallback,
    bool MessageTaken,
    bool HandedOver)
{
    /// <summary>What the customer asked to tell the owner; null for nothing, and when the reply is read again.</summary>
    [JsonIgnore]
    public string? OwnerMessage { get; init; }

    /// <summary>As the provider counted them; null when nobody did, and when the reply is read again.</summary>
    [JsonIgnore]
    public int? InputTokens { get; init; }

    /// <inheritdoc cref="InputTokens"/>
    [JsonIgnore]
    public int? OutputTokens { get; init; }
}
