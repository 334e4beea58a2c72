using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech.Synthesis;

/// <summary>A request as one provider fulfils it.</summary>
/// <param name="Voice">The voice's name; null means the provider's default for the language.</param>
/// <param name="FallbackReason">Why the local voice speaks in place of the provider that is set; null when it does not.</param>
internal sealed record ProviderRequest(
    ResilientSpeechProvider Provider, SynthesisRequest Request, string? Voice, string Language, string? FallbackReason)
{
    /// <summary>What the audio depends on, and nothing else: the same key is the same audio.</summary>
    public string Key { get; } = Hash(
        Provider.Name,
        Voice ?? "",
        Language,
        Request.Rate.ToString("R", CultureInfo.InvariantCulture),
        Request.Format.ToString(),
        Request.IsSsml ? "ssml" : "text",
        Request.Content);

    public SpeechSegment Segment(string content) => new(content, Request.IsSsml, Voice, Language, Request.Rate, Request.Format);

    private static string Hash(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, 16));
}
