using ProSaas.Api.Speech.Cache;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech.Audio;

/// <summary>
/// Joins the audio of segments. MP3 frames, Ogg streams and µ-law samples may follow each other as they are (Ogg calls it chaining,
/// RFC 3533); WAV states its length in its header, so that the first part is the last to be known.
/// </summary>
internal sealed class AudioJoiner(SpeechAudio audio, SpeechFormat format)
{
    private int _next = format is SpeechFormat.Wav ? 1 : 0;
    private long _bytes;
    private int _rate;

    /// <summary>How many parts the joined audio has.</summary>
    public static int Parts(SpeechFormat format, int segments) => format is SpeechFormat.Wav ? segments + 1 : segments;

    /// <exception cref="SpeechFailedException">It is not audio, or its rate is not that of the segments before.</exception>
    public void Add(ReadOnlyMemory<byte> segment)
    {
        if (segment.IsEmpty)
        {
            throw new SpeechFailedException("empty_audio", SpeechFailureKind.Lasting);
        }

        audio.Add(_next++, format is SpeechFormat.Wav ? Samples(segment) : segment);
    }

    public void End()
    {
        if (format is SpeechFormat.Wav)
        {
            audio.Add(0, WavFile.Header(_rate, _bytes));
        }
    }

    private ReadOnlyMemory<byte> Samples(ReadOnlyMemory<byte> segment)
    {
        var wav = WavFile.Read(segment);
        if (_rate is not 0 && _rate != wav.Rate)
        {
            throw new SpeechFailedException("mixed_audio", SpeechFailureKind.Lasting);
        }

        _rate = wav.Rate;
        _bytes += wav.Samples.Length;
        return wav.Samples;
    }
}
