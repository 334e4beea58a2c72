using ProSaas.Api.Http;

namespace ProSaas.Api.Agents;

/// <summary>A message of a customer to a business's agent.</summary>
/// <param name="Customer">Who writes: a telephone number or another name that stays the same for this customer; at most 100 characters.</param>
/// <param name="Text">What the customer says; 1 to 4,000 characters.</param>
/// <param name="ConversationId">The conversation to go on with; left out, the customer's open one or a new one.</param>
internal sealed record MessageRequest(string? Customer, string? Text, long? ConversationId = null)
{
    public const int MaxText = 4_000;
    public const int MaxCustomer = 100;
    public const int MaxIdempotencyKey = 200;

    /// <summary>What is wrong with it; otherwise the message without white space at its ends.</summary>
    public FieldErrors Read(string? idempotencyKey, out string customer, out string text)
    {
        var errors = new FieldErrors();
        customer = errors.Required("customer", Customer, MaxCustomer);
        text = errors.Required("text", Text, MaxText);
        if (ConversationId < 1)
        {
            errors.Add("conversationId", "It is the id of a conversation, 1 or more.");
        }

        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > MaxIdempotencyKey || !idempotencyKey.All(char.IsAscii)))
        {
            errors.Add("Idempotency-Key", $"The header has 1 to {MaxIdempotencyKey} ASCII characters.");
        }

        return errors;
    }
}

/// <summary>A part of an answer, in the event <c>delta</c>.</summary>
internal sealed record MessageDelta(string Text);
