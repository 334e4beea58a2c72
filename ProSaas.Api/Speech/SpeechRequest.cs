using System.Text.Json.Serialization;
using ProSaas.Api.Text;

namespace ProSaas.Api.Speech;

/// <summary>What is to be spoken; either <paramref name="Text"/> or <paramref name="Ssml"/>.</summary>
/// <param name="Text">Plain text; at most <c>Speech:MaxCharacters</c> (10,000) characters.</param>
/// <param name="Ssml">A document of the Speech Synthesis Markup Language, its root <c>speak</c>; at most 5,000 bytes.</param>
/// <param name="Voice">
/// A voice of <c>GET /api/speech/voices</c>; left out, the business's own, else the provider's default for the language.
/// </param>
/// <param name="Language">BCP 47 tag, where no voice is named; the business's own when it is left out.</param>
/// <param name="Rate">0.25 to 4.0, 1.0 being the voice's own speed; the business's own when it is left out.</param>
/// <param name="Format">MP3 when it is left out.</param>
internal sealed record SpeechRequest(
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Text,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Ssml,
    string? Voice,
    string? Language,
    double? Rate,
    SpeechFormat? Format);
