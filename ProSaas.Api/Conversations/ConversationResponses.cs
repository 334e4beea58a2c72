using ProSaas.Api.Http;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>A conversation of a customer with the business's agent.</summary>
/// <param name="Customer">What the channel knows the customer by: a telephone number, or a key that the sender chose.</param>
/// <param name="HandedOverAt">Since when a person answers; null while the agent does.</param>
internal sealed record ConversationResponse(
    long Id,
    AgentChannel Channel,
    long ContactId,
    string Customer,
    DateTimeOffset StartedAt,
    DateTimeOffset LastMessageAt,
    DateTimeOffset? HandedOverAt)
{
    public static readonly ConversationResponse Example = new(
        731, AgentChannel.WhatsApp, 52, "+972501234567", new(
            2026, 1, 15, 8, 30, 0, TimeSpan.Zero), new(2026, 1, 15, 8, 31, 12, TimeSpan.Zero), HandedOverAt: null);

    public static ConversationResponse Of(Conversation conversation, string customer) => new(
        conversation.Id,
        conversation.Channel,
        conversation.ContactId,
        customer,
        conversation.StartedAt,
        conversation.LastMessageAt,
        conversation.HandedOverAt);
}

/// <summary>A conversation and one page of its messages, oldest first.</summary>
internal sealed record ConversationMessages(ConversationResponse Conversation, Page<MessageResponse> Messages);

/// <summary>A message of a customer or an agent.</summary>
/// <param name="InReplyTo">Id of the customer's message that this one answers; null for a customer's.</param>
/// <param name="Answerer">What wrote an agent's message.</param>
/// <param name="FaqEntryId">The FAQ entry that was the answer, if one was.</param>
/// <param name="IsFallback">Whether another answerer took over because the provider did not answer.</param>
/// <param name="TookMessage">Whether a message for the owner was taken with it.</param>
/// <param name="HandedOver">Whether the conversation was handed over to a person with it.</param>
internal sealed record MessageResponse(
    long Id,
    MessageRole Role,
    string Text,
    DateTimeOffset CreatedAt,
    long? InReplyTo,
    string? Answerer,
    long? FaqEntryId,
    bool IsFallback,
    bool TookMessage,
    bool HandedOver,
    int? InputTokens,
    int? OutputTokens)
{
    public static readonly IReadOnlyList<MessageResponse> Examples =
    [
        new(9001, MessageRole.Customer, "מתי אתם פתוחים?", new(
            2026, 1, 15, 8, 31, 11, TimeSpan.Zero), null, null, null, false, false, false, null, null),
        new(9002, MessageRole.Agent, "ימים א׳–ה׳, 9:00–18:00", new(
            2026, 1, 15, 8, 31, 12, TimeSpan.Zero), 9001, "embedded", 17, false, false, false, null, null),
    ];

    public static MessageResponse Of(Message message) => new(
        message.Id,
        message.Role,
        message.Text,
        message.CreatedAt,
        message.InReplyTo,
        message.Answerer,
        message.FaqEntryId,
        message.IsFallback,
        message.TookMessage,
        message.HandedOver,
        message.InputTokens,
        message.OutputTokens);
}

/// <summary>What a customer asked an agent to tell the owner.</summary>
internal sealed record OwnerMessageResponse(
    long Id, long ConversationId, long ContactId, AgentChannel Channel, string Customer, string Text, DateTimeOffset CreatedAt)
{
    public static readonly OwnerMessageResponse Example = new(
        12, 731, 52, AgentChannel.WhatsApp, "+972501234567", "Noa asks to be called back after five.", new(
            2026, 1, 15, 8, 32, 0, TimeSpan.Zero));

    public static OwnerMessageResponse Of(OwnerMessage message, Contact contact) => new(
        message.Id, message.ConversationId, contact.Id, contact.Channel, contact.ExternalId, message.Text, message.CreatedAt);
}

/// <summary>A customer on one channel.</summary>
/// <param name="Customer">What the channel knows the customer by.</param>
/// <param name="DisplayName">The customer's name; null while it is not known.</param>
internal sealed record ContactResponse(long Id, AgentChannel Channel, string Customer, string? DisplayName)
{
    public static readonly ContactResponse Example = new(52, AgentChannel.WhatsApp, "+972501234567", "Noa");

    public static ContactResponse Of(Contact contact) => new(contact.Id, contact.Channel, contact.ExternalId, contact.DisplayName);
}

/// <summary>All that is kept of one customer, over all channels.</summary>
internal sealed record CustomerExport(
    string Customer, IReadOnlyList<ContactResponse> Contacts, IReadOnlyList<ExportedConversation> Conversations)
{
    public static readonly CustomerExport Example = new(
        ContactResponse.Example.Customer,
        [ContactResponse.Example],
        [new(ConversationResponse.Example, MessageResponse.Examples, [OwnerMessageResponse.Example])]);
}

/// <summary>A conversation with all its messages, oldest first.</summary>
internal sealed record ExportedConversation(
    ConversationResponse Conversation, IReadOnlyList<MessageResponse> Messages, IReadOnlyList<OwnerMessageResponse> OwnerMessages);
