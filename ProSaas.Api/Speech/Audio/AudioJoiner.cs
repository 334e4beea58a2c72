namespace ProSaas.Api.Speech.Audio;

/// <summary>
/// Makes one piece of audio of several. MP3 frames, Ogg streams and µ-law samples may follow each other as they are (Ogg calls it
/// chaining, RFC 3533); WAV says its length at its beginning, so that nobody reads it before its end.
/// </summary>
internal sealed class AudioJoiner(AudioBuffer audio, SpeechFormat format)
{
    private int _rate;

    /// <exception cref="SpeechFailedException">It is no audio, or its rate is not that of the pieces before.</exception>
    public void Add(ReadOnlyMemory<byte> piece)
    {
        if (piece.IsEmpty)
        {
            throw new SpeechFailedException("empty_audio", SpeechFailureKind.Lasting);
        }

        if (format is not SpeechFormat.Wav)
        {
            audio.Append(piece.Span);
            audio.Publish();
            return;
        }

        var wav = ReadWav(piece);
        if (_rate is 0)
        {
            _rate = wav.Rate;
            audio.Append(new byte[WavFile.HeaderSize]);
        }

        if (wav.Rate != _rate)
        {
            throw new SpeechFailedException("mixed_audio", SpeechFailureKind.Lasting);
        }

        audio.Append(wav.Samples.Span);
    }

    public void End()
    {
        if (format is SpeechFormat.Wav)
        {
            var header = new byte[WavFile.HeaderSize];
            WavFile.WriteHeader(header, _rate, audio.Length - WavFile.HeaderSize);
            audio.Patch(0, header);
        }
    }

    private static WavFile ReadWav(ReadOnlyMemory<byte> piece)
    {
        try
        {
            return WavFile.Read(piece);
        }
        catch (InvalidDataException none)
        {
            throw new SpeechFailedException("malformed_audio", SpeechFailureKind.Lasting, none);
        }
    }
}
