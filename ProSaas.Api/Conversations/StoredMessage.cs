using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>One thing said earlier in a conversation.</summary>
internal sealed record StoredMessage(MessageRole Role, string Text);
