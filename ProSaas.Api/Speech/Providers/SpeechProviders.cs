namespace ProSaas.Api.Speech.Providers;

/// <summary>Who speaks.</summary>
/// <param name="Primary">Null where nobody does.</param>
/// <param name="Fallback">Who speaks when the first fails; null where nobody does.</param>
internal sealed record SpeechProviders(ResilientSpeechProvider? Primary, ResilientSpeechProvider? Fallback);
