using System.Text;
using Microsoft.Extensions.AI;
using ProSaas.Api.Text;

namespace ProSaas.Api.Agents;

/// <summary>Keeps what a model is sent within <see cref="AgentOptions.MaxPromptTokens"/>. Sizes are bytes of UTF-8.</summary>
internal static class PromptSize
{
    private const int BytesPerToken = 3;

    /// <summary>For the role and the frame of a message.</summary>
    private const int MessageOverhead = 4 * BytesPerToken;

    /// <summary>What the instructions, with the FAQ, have at most.</summary>
    public static int OfInstructions(int maxTokens) => maxTokens * BytesPerToken / 4 * 3;

    /// <summary>The message to answer, cut to an eighth of all, and before it the newest messages that fit beside the instructions.</summary>
    /// <param name="messages">Oldest first, with the message to answer last.</param>
    public static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> messages, string instructions, int maxTokens)
    {
        var all = maxTokens * BytesPerToken;
        var left = all - Encoding.UTF8.GetByteCount(instructions);
        var question = new ChatMessage(messages[^1].Role, WellFormedText.CutToBytes(messages[^1].Text, all / 8));
        left -= SizeOf(question);
        var first = messages.Count - 1;
        while (first > 0 && SizeOf(messages[first - 1]) <= left)
        {
            left -= SizeOf(messages[--first]);
        }

        return [.. messages.Skip(first).Take(messages.Count - 1 - first), question];
    }

    private static int SizeOf(ChatMessage message) => Encoding.UTF8.GetByteCount(message.Text) + MessageOverhead;
}
