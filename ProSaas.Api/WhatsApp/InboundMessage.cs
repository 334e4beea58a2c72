using System.Diagnostics.CodeAnalysis;
using ProSaas.Api.Http;

namespace ProSaas.Api.WhatsApp;

/// <summary>A customer's message as the WhatsApp service passes it on.</summary>
/// <param name="Business">Key of the business.</param>
/// <param name="MessageId">WhatsApp's id of the message.</param>
/// <param name="From">WhatsApp's address of the customer: a number's (…@s.whatsapp.net) or, where WhatsApp hides it, another one (…@lid).</param>
/// <param name="Name">What the customer calls itself at WhatsApp; null when that is not known.</param>
/// <param name="Kind"><c>text</c> or <c>media</c>.</param>
/// <param name="Text">What was written, with media its caption; null for media without one.</param>
/// <param name="MediaType">With media: <c>image</c>, <c>audio</c>, <c>video</c>, <c>document</c> and so on.</param>
/// <param name="SentAt">When the customer sent it, by WhatsApp's clock.</param>
internal sealed record InboundMessage(long Business, string? MessageId, string? From, string? Name, string? Kind, string? Text, string? MediaType, DateTimeOffset SentAt)
{
    /// <summary>As long as WhatsApp lets a message be.</summary>
    public const int MaxText = 65_536;

    private const int MaxId = 128;
    private const int MaxAddress = 128;
    private const int MaxName = 100;
    private const string NumberSuffix = "@s.whatsapp.net";

    /// <summary>What the conversation knows the customer by: the number in E.164 form, or else WhatsApp's address.</summary>
    public string Customer => From!.EndsWith(NumberSuffix, StringComparison.Ordinal) ? $"+{From[..^NumberSuffix.Length]}" : From;

    /// <summary>Tells the message from all others of the business. WhatsApp's ids are unique in one chat only.</summary>
    public string Key => $"whatsapp:{From}:{MessageId}";

    /// <summary>What is said, with a note of media in front.</summary>
    public string Said => (Kind, Clean(Text)) switch
    {
        ("media", "") => $"[{MediaType}]",
        ("media", var caption) => $"[{MediaType}] {caption}",
        (_, var text) => text,
    };

    /// <summary>What to call the customer; null when there is nothing that can be kept.</summary>
    public string? DisplayName => Clean(Name) is { Length: > 0 and <= MaxName } name ? name : null;

    /// <summary>What is wrong with it; null for nothing.</summary>
    public bool TryFindErrors([NotNullWhen(true)] out FieldErrors? errors)
    {
        errors = new FieldErrors();
        errors.Required("messageId", MessageId, MaxId);
        errors.Required("from", From, MaxAddress);
        if (Business < 1)
        {
            errors.Add("business", "It is the id of a business, 1 or more.");
        }

        if (Kind is not ("text" or "media"))
        {
            errors.Add("kind", "It is text or media.");
        }
        else if (Kind is "media")
        {
            errors.Required("mediaType", MediaType, MaxId);
        }
        else if (Clean(Text).Length is 0)
        {
            errors.Add("text", "It is required.");
        }

        if (Text?.Length > MaxText)
        {
            errors.Add("text", $"At most {MaxText} characters are allowed.");
        }

        errors = errors.Any ? errors : null;
        return errors is not null;
    }

    /// <summary>PostgreSQL has no text with a NUL; a customer's message is not refused for it.</summary>
    private static string Clean(string? text) => (text ?? "").Replace("\0", "", StringComparison.Ordinal).Trim();
}
