using System.Text.Json.Serialization;
using FluentValidation;
using ProSaas.Api.Http;
using ProSaas.Api.Text;

namespace ProSaas.Api.WhatsApp;

/// <summary>What the WhatsApp service says of a business's connection.</summary>
/// <param name="Since">When the state began.</param>
/// <param name="Reason">Why, in words; null when it needs none.</param>
/// <param name="Phone">The number that is connected; null while it is not known.</param>
/// <param name="Qr">What the QR code to scan says, in the state <c>pairing</c>.</param>
/// <param name="Attempts">Connections that failed in a row.</param>
internal sealed record ServiceSession(
    long Business,
    ConnectionState? State,
    DateTimeOffset Since,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Reason,
    string? Phone,
    string? Qr,
    int Attempts)
{
    internal sealed class Validator : RequestValidator<ServiceSession>
    {
        private const int MaxReason = 1_000;
        private const int MaxPhone = 64;

        public Validator()
        {
            RuleFor(session => session.Business).GreaterThanOrEqualTo(1).WithMessage("It is the id of a business, 1 or more.");
            RuleFor(session => session.State).Must(state => state is not (null or ConnectionState.Off))
                .WithMessage("It is pairing, connecting, connected, degraded or logged_out.");
            RuleFor(session => session.Reason).OptionalText(MaxReason);
            RuleFor(session => session.Phone).OptionalText(MaxPhone);
        }
    }
}

/// <summary>A message for the WhatsApp service to send.</summary>
/// <param name="To">WhatsApp's address of the customer.</param>
/// <param name="MessageId">The same each time that this message is delivered, so that the customer sees it once.</param>
internal sealed record OutboundMessage(string To, string Text, string MessageId);

/// <summary>What became of a message that was given to the WhatsApp service.</summary>
internal enum DeliveryResult
{
    /// <summary>The service has it under way.</summary>
    Accepted,

    /// <summary>It can come again later: the service is not there, or its connection to WhatsApp is not.</summary>
    Later,

    /// <summary>It is refused for good.</summary>
    Refused,
}
