namespace ProSaas.Api.Speech;

/// <summary>The media types of <see cref="SpeechFormat"/>.</summary>
internal static class SpeechMediaTypes
{
    public const string Mp3 = "audio/mpeg";
    public const string OggOpus = "audio/ogg";
    public const string Wav = "audio/wav";

    /// <summary>By RFC 2046, 4.2: 8 kHz, mono, 8 bit µ-law.</summary>
    public const string MuLaw = "audio/basic";

    public static string Of(SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => Mp3,
        SpeechFormat.OggOpus => $"{OggOpus}; codecs=opus",
        SpeechFormat.Wav => Wav,
        _ => MuLaw,
    };
}
