namespace ProSaas.Api.Speech.Providers;

/// <summary>A voice of a provider.</summary>
/// <param name="Name">What to send as <c>voice</c>.</param>
/// <param name="Languages">BCP 47 tags that it speaks, its own first.</param>
/// <param name="Gender"><c>female</c>, <c>male</c> or <c>neutral</c>; null when it is not known.</param>
internal sealed record SpeechVoice(string Name, IReadOnlyList<string> Languages, string? Gender)
{
    /// <summary>Whether it speaks the language, in whatever region: <c>he</c> does for <c>he-IL</c>, and the other way round.</summary>
    public bool Speaks(string language) => Languages.Any(own => Primary(own).Equals(Primary(language), StringComparison.OrdinalIgnoreCase));

    /// <summary>The first part of a tag, <c>he</c> of <c>he-IL</c>.</summary>
    public static string Primary(string language)
    {
        var end = language.IndexOf('-', StringComparison.Ordinal);
        return end < 0 ? language : language[..end];
    }
}
