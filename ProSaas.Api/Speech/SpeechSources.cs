namespace ProSaas.Api.Speech;

/// <summary>Who speaks.</summary>
/// <param name="Primary">Null where nobody does.</param>
/// <param name="Fallback">Who speaks when the first fails; null where nobody does.</param>
internal sealed record SpeechSources(SpeechSource? Primary, SpeechSource? Fallback);
