using System.Text.Json.Serialization;
using FluentValidation;
using ProSaas.Api.Http;
using ProSaas.Api.Text;

namespace ProSaas.Api.Agents;

/// <summary>A message of a customer to a business's agent.</summary>
/// <param name="Customer">Who writes: a telephone number or another name that stays the same for this customer;
/// at most 100 characters.</param>
/// <param name="Text">The message; 1 to 4,000 characters.</param>
/// <param name="ConversationId">The conversation to go on with; left out, the customer's open one or a new one.</param>
internal sealed record MessageRequest(
    string? Customer, [property: JsonConverter(typeof(WellFormedTextConverter))] string? Text, long? ConversationId = null)
{
    internal sealed class Validator : RequestValidator<MessageRequest>
    {
        private const int MaxText = 4_000;
        private const int MaxCustomer = 100;

        public Validator()
        {
            RuleFor(message => message.Customer).RequiredText(MaxCustomer);
            RuleFor(message => message.Text).RequiredText(MaxText);
            RuleFor(message => message.ConversationId)
                .Must(id => id is null or >= 1).WithMessage("It is the id of a conversation, 1 or more.");
        }
    }
}

/// <summary>A part of an answer, in the event <c>delta</c>.</summary>
internal sealed record MessageDelta(string Text);
