using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProSaas.Api.Speech;

/// <summary>An order as one provider fulfils it.</summary>
/// <param name="Voice">The voice's name; null means the provider's default for the language.</param>
/// <param name="FallbackReason">Why the local voice speaks in place of the provider that is set; null when it does not.</param>
internal sealed record SpeechPlan(SpeechSource Source, SpeechOrder Order, string? Voice, string Language, string? FallbackReason)
{
    /// <summary>What the audio depends on, and nothing else: the same key is the same audio.</summary>
    public string Key { get; } = Hash(
        Source.Name,
        Voice ?? "",
        Language,
        Order.Rate.ToString("R", CultureInfo.InvariantCulture),
        SpeechFormats.ToWord(Order.Format),
        Order.IsSsml ? "ssml" : "text",
        Order.Content);

    /// <summary>A strong entity tag, by RFC 9110.</summary>
    public string EntityTag => $"\"{Key}\"";

    private static string Hash(params string[] parts)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, 16));
}
