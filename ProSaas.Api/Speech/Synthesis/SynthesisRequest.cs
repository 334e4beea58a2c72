using ProSaas.Api.Speech.Text;

namespace ProSaas.Api.Speech.Synthesis;

/// <summary>What is to be spoken, with the business's defaults filled in.</summary>
/// <param name="Content">Text, or a whole SSML document.</param>
/// <param name="Segments">The text as providers take it.</param>
/// <param name="Voice">The voice that was asked for; null for none.</param>
/// <param name="PreferredVoice">The business's own, if the provider has it; null for none.</param>
/// <param name="Language">BCP 47 tag of the language, where no voice says it.</param>
internal sealed record SynthesisRequest(
    long BusinessId,
    string Content,
    IReadOnlyList<string> Segments,
    bool IsSsml,
    SpeechFormat Format,
    double Rate,
    string? Voice,
    string? PreferredVoice,
    string Language)
{
    /// <summary>What a second of silence costs: as many characters as are spoken in it.</summary>
    private const double CharactersPerSecond = 15;

    /// <summary>What it takes of the business's day, in characters: its text or document, and the pauses that it asks for.</summary>
    public int Cost { get; } = Content.Length + (IsSsml ? (int)Math.Ceiling(SsmlValidator.Pauses(Content) * CharactersPerSecond) : 0);
}
