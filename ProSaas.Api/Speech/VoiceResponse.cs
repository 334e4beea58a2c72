namespace ProSaas.Api.Speech;

/// <summary>A voice.</summary>
/// <param name="Name">What to send as <c>voice</c>.</param>
/// <param name="Languages">BCP 47 tags that it speaks.</param>
/// <param name="Gender"><c>female</c>, <c>male</c> or <c>neutral</c>; null when it is not known.</param>
internal sealed record VoiceResponse(string Name, IReadOnlyList<string> Languages, string? Gender);
