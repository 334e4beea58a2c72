using System.Collections.Frozen;

namespace ProSaas.Api.Speech;

/// <summary>The words and media types of <see cref="SpeechFormat"/>.</summary>
internal static class SpeechFormats
{
    public const string Mp3Type = "audio/mpeg";
    public const string OggOpusType = "audio/ogg";
    public const string WavType = "audio/wav";

    /// <summary>By RFC 2046, 4.2: 8 kHz, mono, 8 bit µ-law.</summary>
    public const string MuLawType = "audio/basic";

    /// <summary>The words, for messages.</summary>
    public const string Allowed = "mp3, ogg_opus, wav or mulaw8k";

    private static readonly FrozenDictionary<string, SpeechFormat> Words = new Dictionary<string, SpeechFormat>(StringComparer.Ordinal)
    {
        ["mp3"] = SpeechFormat.Mp3,
        ["ogg_opus"] = SpeechFormat.OggOpus,
        ["wav"] = SpeechFormat.Wav,
        ["mulaw8k"] = SpeechFormat.MuLaw8k,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null for a word that is none.</summary>
    public static SpeechFormat? TryFromWord(string word) => Words.TryGetValue(word, out var format) ? format : null;

    public static string ToWord(SpeechFormat format) => Words.First(entry => entry.Value == format).Key;

    public static string ToContentType(SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => Mp3Type,
        SpeechFormat.OggOpus => $"{OggOpusType}; codecs=opus",
        SpeechFormat.Wav => WavType,
        _ => MuLawType,
    };
}
