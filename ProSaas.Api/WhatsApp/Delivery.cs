using ProSaas.Api.Conversations;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.WhatsApp;

/// <summary>A customer's message whose reply is still to be made or delivered.</summary>
/// <param name="Sender">WhatsApp's address of the customer, where the reply goes.</param>
/// <param name="Attempts">How often it was put back.</param>
/// <param name="Failures">How often of these it failed for itself, and not for the database or the network.</param>
/// <param name="Customer">What the conversation knows the sender by.</param>
/// <param name="Key">Tells the message from all others of the business.</param>
internal sealed record Delivery(
    long BusinessId,
    long Id,
    string Sender,
    int Attempts,
    int Failures,
    DateTimeOffset ReceivedAt,
    string Customer,
    string Text,
    string Key)
{
    public CustomerMessage Message => new(BusinessId, AgentChannel.WhatsApp, Customer, ConversationId: null, Text, Key);
}
