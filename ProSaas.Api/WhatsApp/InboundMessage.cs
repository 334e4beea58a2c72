using System.Text.Json.Serialization;
using FluentValidation;
using ProSaas.Api.Http;
using ProSaas.Api.Text;

namespace ProSaas.Api.WhatsApp;

/// <summary>A customer's message as the WhatsApp service passes it on.</summary>
/// <param name="Business">Key of the business.</param>
/// <param name="MessageId">WhatsApp's id of the message.</param>
/// <param name="From">WhatsApp's address of the customer: a number's (…@s.whatsapp.net) or, where WhatsApp hides it,
/// another one (…@lid).</param>
/// <param name="Name">What the customer calls itself at WhatsApp; null when that is not known.</param>
/// <param name="Text">What was written, with media its caption; null for media without one.</param>
/// <param name="MediaType">With media: <c>image</c>, <c>audio</c>, <c>video</c>, <c>document</c> and so on.</param>
/// <param name="SentAt">When the customer sent it, by WhatsApp's clock.</param>
internal sealed record InboundMessage(
    long Business,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? MessageId,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? From,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Name,
    InboundKind? Kind,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Text,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? MediaType,
    DateTimeOffset SentAt)
{
    /// <summary>As long as WhatsApp lets a message be.</summary>
    private const int MaxText = 65_536;

    private const int MaxName = 100;
    private const string NumberSuffix = "@s.whatsapp.net";

    /// <summary>What the conversation knows the customer by: the number in E.164 form, or else WhatsApp's address.</summary>
    internal string Customer => From!.EndsWith(NumberSuffix, StringComparison.Ordinal) ? $"+{From[..^NumberSuffix.Length]}" : From;

    /// <summary>Tells the message from all others of the business. WhatsApp's ids are unique in one chat only.</summary>
    internal string Key => $"whatsapp:{From}:{MessageId}";

    /// <summary>The text, with the kind of media in front.</summary>
    internal string Content => (Kind, Clean(Text)) switch
    {
        (InboundKind.Media, "") => $"[{MediaType}]",
        (InboundKind.Media, var caption) => $"[{MediaType}] {caption}",
        (_, var text) => text,
    };

    /// <summary>What to call the customer; null when there is nothing that can be kept.</summary>
    internal string? DisplayName => WellFormedText.Cut(Clean(Name), MaxName).TrimToNull();

    /// <summary>A customer's message is not refused for a NUL.</summary>
    private static string Clean(string? text) => WellFormedText.Of(text ?? "").Trim();

    internal sealed class Validator : RequestValidator<InboundMessage>
    {
        private const int MaxId = 128;

        public Validator()
        {
            RuleFor(message => message.MessageId).RequiredText(MaxId);
            RuleFor(message => message.From).RequiredText(MaxId);
            RuleFor(message => message.Business).GreaterThanOrEqualTo(1).WithMessage("It is the id of a business, 1 or more.");
            RuleFor(message => message.Kind).RequiredName();
            RuleFor(message => message.MediaType).RequiredText(MaxId).When(message => message.Kind is InboundKind.Media);
            RuleFor(message => message.Text)
                .Must((message, text) => message.Kind is not InboundKind.Text || Clean(text).Length > 0).WithMessage("It is required.")
                .MaximumLength(MaxText).WithMessage($"At most {MaxText} characters are allowed.");
        }
    }
}

/// <summary>What a customer sent.</summary>
[JsonConverter(typeof(NamedEnumConverter<InboundKind>))]
internal enum InboundKind
{
    Text,
    Media,
}
