using Microsoft.Extensions.AI;
using ProSaas.Api.Conversations;
using ProSaas.Api.Text;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// A reply while it is made. What tools do is recorded here and takes effect with the reply, in one transaction: a reply that is not
/// given leaves no trace.
/// </summary>
/// <param name="conversationId">Null for none.</param>
internal sealed class ReplyDraft(BusinessProfile business, AgentChannel channel, long? conversationId, TimeProvider time)
{
    private const string Property = "prosaas.reply";
    private const int MaxOwnerMessage = 4_000;

    public BusinessProfile Business => business;

    public AgentChannel Channel => channel;

    public long? ConversationId => conversationId;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The whole reply; null until it is there.</summary>
    public string? Text { get; set; }

    /// <summary>What wrote it: the provider, or <c>embedded</c>.</summary>
    public string? Answerer { get; set; }

    /// <summary>The entry that the embedded answerer used; null for none.</summary>
    public long? FaqEntryId { get; set; }

    /// <summary>As the provider counted; null when it did not.</summary>
    public UsageDetails? Usage { get; set; }

    /// <summary>Why the embedded answerer took over, in a word; null when it did not.</summary>
    public string? FallbackReason { get; set; }

    /// <summary>Whether a part of the reply may be with the customer already.</summary>
    public bool HasSentText { get; set; }

    /// <summary>What the customer asked to be passed on to the owner; null for nothing.</summary>
    public string? OwnerMessage { get; private set; }

    /// <summary>Whether a person is to go on with the conversation.</summary>
    public bool HandOver { get; set; }

    /// <summary>The draft that a call of the chat pipeline belongs to.</summary>
    /// <exception cref="InvalidOperationException">The call was not made for a reply.</exception>
    public static ReplyDraft Of(ChatOptions? options) => options?.AdditionalProperties?.GetValueOrDefault(Property) as ReplyDraft
        ?? throw new InvalidOperationException("The chat pipeline was called outside a reply.");

    public void AttachTo(AdditionalPropertiesDictionary properties) => properties[Property] = this;

    /// <param name="message">Well-formed; of all together the first 4,000 UTF-16 characters are kept.</param>
    public void Take(string message)
    {
        var taken = OwnerMessage is null ? message : $"{OwnerMessage}\n{message}";
        OwnerMessage = WellFormedText.Cut(taken, MaxOwnerMessage);
    }

    /// <summary>The reply as it is to be stored.</summary>
    public AgentReply ToReply() => new(
        conversationId ?? 0, MessageId: 0, Text, Answerer, FaqEntryId, FallbackReason is not null, OwnerMessage is not null, HandOver)
    {
        OwnerMessage = OwnerMessage,
        InputTokens = (int?)Usage?.InputTokenCount,
        OutputTokens = (int?)Usage?.OutputTokenCount,
    };
}
