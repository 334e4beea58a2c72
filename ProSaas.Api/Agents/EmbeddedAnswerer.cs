using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ProSaas.Api.Agents.Faq;

namespace ProSaas.Api.Agents;

/// <summary>
/// The answerer that needs no key: gives the answer of the entry of the business's FAQ that speaks of what the customer asks, or what the
/// business's record says. When neither does it acts as a model would: it calls the tool that takes a message for the owner,
/// if it was given that tool, and says that it does not know.
/// </summary>
internal sealed class EmbeddedAnswerer : IChatClient
{
    /// <summary>
    /// Key of the entry's key, a <see cref="long"/>, among the response's additional properties;
    /// absent when the answer is from no entry.
    /// </summary>
    public const string FaqEntryProperty = "prosaas.faq_entry_id";

    /// <summary>Name of the tool that takes a message for the owner.</summary>
    public const string TakeMessageTool = "take_message";

    /// <summary>Name of that tool's argument: the customer's words.</summary>
    public const string MessageArgument = "text";

    /// <exception cref="InvalidOperationException">The options belong to no reply.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Task.FromResult(Answer([.. messages], options));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static ChatResponse Answer(IReadOnlyList<ChatMessage> conversation, ChatOptions? options)
    {
        var question = conversation.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        if (StandardReplies.ToSmallTalk(question) is { } reply)
        {
            return Say(reply);
        }

        var business = ReplyDraft.Of(options).Business;
        var isHebrew = business.SpeaksHebrew(question);
        var attempt = ResultOfTakingMessage(conversation);

        // Whoever has taken a message has searched before.
        if (attempt is null)
        {
            var found = business.Faq.Search(question);
            if (found.Match is { } match)
            {
                return Say(match.Answer, match.Id);
            }

            if (BusinessFacts.Answer(business, found.Terms, isHebrew) is { } fact)
            {
                return Say(fact);
            }

            if (question.Any(char.IsLetter) && HasTool(options))
            {
                return TakeMessage(question);
            }
        }

        return Say(StandardReplies.DoNotKnow(isHebrew, messageTaken: attempt is { Exception: null }));
    }

    private static bool HasTool(ChatOptions? options) => options?.Tools?.Any(tool => tool.Name is TakeMessageTool) is true;

    /// <summary>What the tool gave for the call that the conversation ends with; null when it does not end with one.</summary>
    private static FunctionResultContent? ResultOfTakingMessage(IReadOnlyList<ChatMessage> conversation)
    {
        var calls = conversation.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .Where(call => call.Name is TakeMessageTool)
            .Select(call => call.CallId)
            .ToHashSet(StringComparer.Ordinal);
        return conversation.Count is 0
            ? null
            : conversation[^1].Contents.OfType<FunctionResultContent>().LastOrDefault(result => calls.Contains(result.CallId));
    }

    private static ChatResponse TakeMessage(string text) => new(new ChatMessage(
        ChatRole.Assistant,
        [new FunctionCallContent(Guid.NewGuid().ToString("N"), TakeMessageTool,
            new Dictionary<string, object?>(StringComparer.Ordinal) { [MessageArgument] = text })]))
    {
        FinishReason = ChatFinishReason.ToolCalls,
    };

    private static ChatResponse Say(string text, long? entryId = null) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        FinishReason = ChatFinishReason.Stop,
        AdditionalProperties = entryId is null ? null : new AdditionalPropertiesDictionary { [FaqEntryProperty] = entryId },
    };
}
