using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ProSaas.Api.Text;

namespace ProSaas.Api.Agents.Providers;

/// <summary>What a provider says is data: its text is made well-formed before anything else sees it, also where it comes in parts.</summary>
internal sealed class WellFormedChatClient(IChatClient provider) : DelegatingChatClient(provider)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken);
        foreach (var content in response.Messages.SelectMany(message => message.Contents).OfType<TextContent>())
        {
            content.Text = WellFormedText.Of(content.Text);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var parts = new WellFormedParts();
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            foreach (var content in update.Contents.OfType<TextContent>())
            {
                content.Text = parts.Next(content.Text);
            }

            yield return update;
        }

        if (parts.End() is { Length: > 0 } left)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, left);
        }
    }
}
