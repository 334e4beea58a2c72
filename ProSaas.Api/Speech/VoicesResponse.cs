using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech;

/// <summary>The voices there are.</summary>
/// <param name="Provider">Who has them: <c>google</c> or <c>espeak</c>.</param>
internal sealed record VoicesResponse(string Provider, IReadOnlyList<SpeechVoice> Voices);
