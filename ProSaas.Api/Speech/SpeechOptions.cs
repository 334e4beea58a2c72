using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Speech;

/// <summary>Settings of speech, section <c>Speech</c>; which provider speaks is read beside them, see docs/speech.md.</summary>
public sealed class SpeechOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Speech";

    /// <summary>How long one attempt at a provider may take; 0.1 s to 5 minutes, 10 s by default.</summary>
    [AllowedRange("00:00:00.1000000", "00:05:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the local voice speaks when Google fails; false by default, for it sounds different.</summary>
    public bool AllowLocalFallback { get; set; }

    /// <summary>Audio kept to be sent again, in bytes; 0 to 4 GiB, 64 MiB by default.</summary>
    [AllowedRange("0", "4294967296")]
    public long CacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The longest text of a request, in UTF-16 characters; 1 to 100,000, 10,000 by default.</summary>
    [AllowedRange("1", "100000")]
    public int MaxCharacters { get; set; } = 10_000;

    /// <summary>
    /// What a business may have spoken a day of its own time zone, in UTF-16 characters; 1 to 1,000,000,000, 200,000 by default.
    /// What comes from the cache is not counted.
    /// </summary>
    [AllowedRange("1", "1000000000")]
    public int DailyCharacters { get; set; } = 200_000;
}

[OptionsValidator]
internal sealed partial class SpeechOptionsValidator : IValidateOptions<SpeechOptions>;
