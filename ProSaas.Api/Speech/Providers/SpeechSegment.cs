using ProSaas.Api.Speech.Text;

namespace ProSaas.Api.Speech.Providers;

/// <summary>What a provider is asked for in one call.</summary>
/// <param name="Content">Text, or a whole SSML document; at most <see cref="TextSegmenter.MaxBytes"/> in UTF-8.</param>
/// <param name="Voice">The voice's name; null means the provider's default for the language.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Rate">0.25 to 4.0, 1.0 being the voice's own speed.</param>
internal sealed record SpeechSegment(string Content, bool IsSsml, string? Voice, string Language, double Rate, SpeechFormat Format);
