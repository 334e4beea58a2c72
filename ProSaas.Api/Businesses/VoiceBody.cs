namespace ProSaas.Api.Businesses;

/// <summary>How a business's agents sound.</summary>
/// <param name="Name">The speech provider's name of a voice; null means the provider's default for the language.</param>
/// <param name="SpeakingRate">0.25 to 4.0, 1.0 being the voice's own speed, which is also what null means.</param>
internal sealed record VoiceBody(string? Name, double? SpeakingRate);
