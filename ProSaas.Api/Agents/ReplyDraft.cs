using Microsoft.Extensions.AI;

namespace ProSaas.Api.Agents;

/// <summary>
/// What one reply gathers while it is made. What tools do is noted here and takes effect with the reply, in one transaction:
/// a reply that is not given leaves no trace.
/// </summary>
internal sealed class ReplyDraft(BusinessProfile business, TimeProvider time)
{
    private const string Property = "prosaas.reply";
    private const int MaxTakenMessage = 4_000;

    public BusinessProfile Business => business;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Why the embedded answerer took over, in a word; null when it did not.</summary>
    public string? FallbackReason { get; set; }

    /// <summary>Whether a part of the reply may be with the customer already.</summary>
    public bool HasSentText { get; set; }

    /// <summary>What the customer asked to be passed on to the owner; null for nothing.</summary>
    public string? TakenMessage { get; private set; }

    /// <summary>Whether a person is to go on with the conversation.</summary>
    public bool HandOver { get; set; }

    /// <summary>The draft that a call of the chat pipeline belongs to.</summary>
    /// <exception cref="InvalidOperationException">The call was not made for a reply.</exception>
    public static ReplyDraft Of(ChatOptions? options) => options?.AdditionalProperties?.GetValueOrDefault(Property) as ReplyDraft
        ?? throw new InvalidOperationException("The chat pipeline was called outside a reply.");

    public void AttachTo(AdditionalPropertiesDictionary properties) => properties[Property] = this;

    public void Take(string message)
    {
        var taken = TakenMessage is null ? message : $"{TakenMessage}\n{message}";
        TakenMessage = taken.Length <= MaxTakenMessage ? taken : taken[..MaxTakenMessage];
    }
}
