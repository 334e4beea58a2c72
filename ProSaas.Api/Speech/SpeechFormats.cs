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

    public static SpeechFormat? TryFromWord(string word)
        => Enum.GetValues<SpeechFormat>().Cast<SpeechFormat?>().FirstOrDefault(format => format!.Value.ToWord() == word);

    public static string ToWord(this SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => "mp3",
        SpeechFormat.OggOpus => "ogg_opus",
        SpeechFormat.Wav => "wav",
        _ => "mulaw8k",
    };

    public static string ToContentType(this SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => Mp3Type,
        SpeechFormat.OggOpus => $"{OggOpusType}; codecs=opus",
        SpeechFormat.Wav => WavType,
        _ => MuLawType,
    };
}
