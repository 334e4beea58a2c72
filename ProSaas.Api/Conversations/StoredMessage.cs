using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>One thing said earlier in a conversation.</summary>
public sealed record StoredMessage(MessageRole Role, string Text, DateTimeOffset CreatedAt);
