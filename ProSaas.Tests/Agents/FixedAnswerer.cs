using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ProSaas.Tests.Agents;

/// <summary>Stands where the embedded answerer does, and says one thing.</summary>
internal sealed class FixedAnswerer(string text = "From the FAQ.") : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, text)
        {
            FinishReason = ChatFinishReason.Stop,
            AdditionalProperties = new() { ["prosaas.faq_entry_id"] = 42L },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
