using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech;

/// <summary>The voices of the provider.</summary>
/// <param name="Provider">The provider: <c>google</c> or <c>espeak</c>.</param>
internal sealed record VoicesResponse(string Provider, IReadOnlyList<SpeechVoice> Voices);
