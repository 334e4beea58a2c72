using System.Runtime.InteropServices;
using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Audio;
using ProSaas.Api.Speech.Cache;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Tests.Speech;

public sealed class AudioTests
{
    private static readonly string[] AsMuLaw = ["-f", "mulaw", "-ar", "8000"];

    [Theory]
    [InlineData(22_050)]
    [InlineData(24_000)]
    [InlineData(8_000)]
    public async Task Tone_is_the_same_tone_as_mu_law(int rate)
    {
        AudioTools.Need();
        var decoded = await AudioTools.DecodeAsync(MuLaw.Encode(new WavFile(Tone(1_000, rate, seconds: 1), rate)), AsMuLaw);

        decoded.Seconds.ShouldBe(1, 0.001);
        decoded.Loudness.ShouldBe(10_000 / Math.Sqrt(2), 200);
        Crossings(decoded.Samples).ShouldBeInRange(995, 1_005);
    }

    [Fact]
    public async Task Tone_above_what_the_telephone_carries_is_not_heard_as_another()
    {
        AudioTools.Need();
        var decoded = await AudioTools.DecodeAsync(MuLaw.Encode(new WavFile(Tone(5_000, 22_050, seconds: 1), 22_050)), AsMuLaw);

        var heard = MemoryMarshal.Cast<byte, short>(decoded.Samples).ToArray();
        heard.Length.ShouldBe(8_000);
        Math.Sqrt(heard.Skip(200).SkipLast(200).Average(sample => (double)sample * sample)).ShouldBeLessThan(30);
    }

    [Fact]
    public void Mu_law_of_known_samples_is_that_of_the_standard()
    {
        short[] samples = [0, -1, 100, -100, 1_000, -1_000, 32_767, -32_768];

        MuLaw.Encode(new WavFile(MemoryMarshal.AsBytes(samples.AsSpan()).ToArray(), MuLaw.Rate))
            .ShouldBe(new byte[] { 0xFF, 0x7F, 0xF2, 0x72, 0xCE, 0x4E, 0x80, 0x00 });
    }

    [Fact]
    public async Task Wav_segments_are_joined_under_one_header()
    {
        AudioTools.Need();
        var audio = new SpeechAudio(AudioJoiner.Parts(SpeechFormat.Wav, segments: 2));
        var joiner = new AudioJoiner(audio, SpeechFormat.Wav);
        joiner.Add(File(Tone(440, 22_050, seconds: 2), 22_050, declared: null));
        joiner.Add(File(Tone(440, 22_050, seconds: 3), 22_050, declared: 0x7FFFF000));
        joiner.End();
        await using var reader = new SpeechAudioReader(audio, isHit: false);
        using var output = new MemoryStream();
        await reader.CopyToAsync(output, TestContext.Current.CancellationToken);

        var decoded = await AudioTools.DecodeAsync(output.ToArray());

        decoded.Seconds.ShouldBe(5, 0.01);
        (decoded.Codec, decoded.Rate, decoded.Complaints).ShouldBe(("pcm_s16le", 22_050, ""));
    }

    [Fact]
    public void Wav_segments_of_different_rates_are_refused()
    {
        var joiner = new AudioJoiner(new SpeechAudio(parts: 3), SpeechFormat.Wav);
        joiner.Add(File(Tone(440, 22_050, seconds: 1), 22_050, declared: null));

        var segment = File(Tone(440, 24_000, seconds: 1), 24_000, declared: null);
        Should.Throw<SpeechFailedException>(() => joiner.Add(segment)).Reason.ShouldBe("mixed_audio");
    }

    [Theory]
    [InlineData("")]
    [InlineData("RIFF")]
    [InlineData("RIFF\0\0\0\0WAVEdata\u0001\0\0\0x")]
    [InlineData("ID3 something else altogether, and longer than a header of forty-four bytes")]
    public void Bytes_that_are_not_wav_are_refused(string bytes) =>
        Should.Throw<SpeechFailedException>(() => WavFile.Read(System.Text.Encoding.Latin1.GetBytes(bytes)))
            .Reason.ShouldBe("malformed_audio");

    internal static byte[] Tone(double hertz, int rate, int seconds) =>
        MemoryMarshal.AsBytes<short>(
            [.. Enumerable.Range(0, rate * seconds).Select(index => (short)(10_000 * Math.Sin(2 * Math.PI * hertz * index / rate)))])
            .ToArray();

    internal static byte[] File(byte[] samples, int rate, uint? declared) =>
        [.. WavFile.Header(rate, declared ?? (uint)samples.Length), .. samples];

    private static int Crossings(byte[] samples)
    {
        var values = MemoryMarshal.Cast<byte, short>(samples);
        var crossings = 0;
        for (var index = 1; index < values.Length; index++)
        {
            crossings += values[index - 1] < 0 && values[index] >= 0 ? 1 : 0;
        }

        return crossings;
    }
}
