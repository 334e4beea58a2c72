using System.Globalization;
using System.Text;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech.Providers;

/// <summary>The local voice: espeak-ng, a process a call. MP3, Ogg and very slow speech are made of its audio by FFmpeg.</summary>
internal sealed class EspeakSpeechProvider(LocalProgram espeak, LocalProgram? ffmpeg) : ISpeechProvider
{
    public const string ProviderName = "espeak";
    public const string Program = "espeak-ng";
    public const string FfmpegProgram = "ffmpeg";

    /// <summary>Words a minute at its own speed; it goes no slower than <see cref="MinWords"/>.</summary>
    private const double OwnWords = 175;
    private const double MinWords = 80;

    /// <summary>In bytes: twelve minutes. SSML can ask for pauses of any length.</summary>
    private const int MaxOutput = 32 * 1024 * 1024;

    /// <summary>Streams that follow each other are one longer stream, as long as none says how long it is.</summary>
    private static readonly string[] Mp3Arguments =
        ["-codec:a", "libmp3lame", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"];

    private static readonly string[] OggOpusArguments = ["-codec:a", "libopus", "-b:a", "32k", "-f", "ogg"];

    public string Name => ProviderName;

    public int MaxConcurrency => Environment.ProcessorCount;

    public async Task WarmUpAsync(CancellationToken cancellationToken) =>
        await SynthesizeAsync(new SpeechSegment("a", IsSsml: false, Voice: null, "en", Rate: 1, SpeechFormat.Wav), cancellationToken);

    public async Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        var table = await espeak.RunAsync(["--voices"], ReadOnlyMemory<byte>.Empty, MaxOutput, cancellationToken);
        return EspeakVoiceParser.Parse(Encoding.UTF8.GetString(table.Span));
    }

    public SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language) =>
        voices.FirstOrDefault(voice => voice.Name.Equals(language, StringComparison.OrdinalIgnoreCase))
            ?? voices.FirstOrDefault(voice => voice.Name.Equals(SpeechVoice.Primary(language), StringComparison.OrdinalIgnoreCase))
            ?? voices[0];

    public string? MissingFor(SpeechFormat format, double rate) =>
        ffmpeg is null && (format is SpeechFormat.Mp3 or SpeechFormat.OggOpus || rate * OwnWords < MinWords) ? FfmpegProgram : null;

    public async Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechSegment segment, CancellationToken cancellationToken)
    {
        var words = segment.Rate * OwnWords;
        string[] arguments =
        [
            "--stdin", "--stdout", "-b", "1",
            "-v", segment.Voice ?? segment.Language,
            "-s", Math.Round(Math.Max(words, MinWords)).ToString(CultureInfo.InvariantCulture),
            .. segment.IsSsml ? ["-m"] : Array.Empty<string>(),
        ];
        var text = segment.IsSsml ? EspeakInput.FromSsml(segment.Content) : EspeakInput.FromText(segment.Content);
        var audio = WavFile.Read(await espeak.RunAsync(arguments, Encoding.UTF8.GetBytes(text), MaxOutput, cancellationToken));
        if (words < MinWords)
        {
            var tempo = string.Create(CultureInfo.InvariantCulture, $"atempo={words / MinWords}");
            audio = audio with { Samples = await ConvertAsync(audio, ["-filter:a", tempo, "-f", "s16le"], cancellationToken) };
        }

        return segment.Format switch
        {
            SpeechFormat.Mp3 => await ConvertAsync(audio, Mp3Arguments, cancellationToken),
            SpeechFormat.OggOpus => await ConvertAsync(audio, OggOpusArguments, cancellationToken),
            SpeechFormat.Wav => audio.ToBytes(),
            _ => MuLaw.Encode(audio),
        };
    }

    private async Task<ReadOnlyMemory<byte>> ConvertAsync(WavFile audio, IEnumerable<string> output, CancellationToken cancellationToken)
    {
        string[] input = ["-f", "s16le", "-ar", audio.Rate.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-i", "pipe:0"];
        return await ffmpeg!.RunAsync(
            ["-hide_banner", "-loglevel", "error", .. input, .. output, "pipe:1"], audio.Samples, MaxOutput, cancellationToken);
    }
}
