using FluentValidation;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;

namespace ProSaas.Api.Agents;

/// <summary>A message of a customer to a business's agent.</summary>
/// <param name="Customer">Who writes: a telephone number or another name that stays the same for this customer; at most 100 characters.</param>
/// <param name="Text">What the customer says; 1 to 4,000 characters.</param>
/// <param name="ConversationId">The conversation to go on with; left out, the customer's open one or a new one.</param>
internal sealed record MessageRequest(string? Customer, string? Text, long? ConversationId = null)
{
    internal sealed class Validator : RequestValidator<MessageRequest>
    {
        private const int MaxText = 4_000;
        private const int MaxCustomer = 100;

        public Validator()
        {
            RuleFor(message => message.Customer).RequiredText(MaxCustomer);
            RuleFor(message => message.Text).RequiredText(MaxText);
            RuleFor(message => message.ConversationId).Must(id => id is null or >= 1).WithMessage("It is the id of a conversation, 1 or more.");
        }
    }
}

/// <summary>What the agent answered.</summary>
/// <param name="MessageId">The answer's id in the conversation; the message's own where there is no answer.</param>
/// <param name="Text">Null where the agent says nothing, since a person has the conversation.</param>
/// <param name="Answerer">Who made it: the provider (<c>openai</c>, <c>ollama</c>) or <c>embedded</c>; null where the agent says nothing.</param>
/// <param name="FaqEntryId">The FAQ entry that the embedded answerer used; null for none.</param>
/// <param name="IsFallback">Whether the embedded answerer took over because the provider failed.</param>
/// <param name="MessageTaken">Whether a message to the owner was taken.</param>
/// <param name="HandedOver">Whether a person goes on with the conversation.</param>
internal sealed record ReplyResponse(
    long ConversationId, long MessageId, string? Text, string? Answerer, long? FaqEntryId, bool IsFallback, bool MessageTaken, bool HandedOver)
{
    public static ReplyResponse Of(StoredReply reply) => new(
        reply.ConversationId, reply.Id, reply.Text, reply.Answerer, reply.FaqEntryId, reply.IsFallback, reply.TookMessage, reply.HandedOver);

    public static ReplyResponse LeftToPerson(Turn turn) => new(
        turn.ConversationId, turn.MessageId, Text: null, Answerer: null, FaqEntryId: null, IsFallback: false, MessageTaken: false, HandedOver: true);
}

/// <summary>A part of an answer, in the event <c>delta</c>.</summary>
internal sealed record MessageDelta(string Text);
