using System.Runtime.InteropServices;
using NAudio.Codecs;
using NAudio.Dsp;

namespace ProSaas.Api.Speech.Audio;

/// <summary>G.711 µ-law at the telephone's rate.</summary>
internal static class MuLaw
{
    /// <summary>In samples a second.</summary>
    public const int Rate = 8_000;

    /// <summary>In samples of the input: what lies above half the telephone's rate is 100 times weaker or more after it.</summary>
    private const int FilterSize = 128;

    /// <summary>Samples brought to 8 kHz, a byte each.</summary>
    public static byte[] Encode(WavFile audio)
    {
        var samples = Array.ConvertAll(MemoryMarshal.Cast<byte, short>(audio.Samples.Span).ToArray(), sample => (float)sample);
        return Array.ConvertAll(audio.Rate is Rate ? samples : Resample(samples, audio.Rate), Encode);
    }

    private static float[] Resample(float[] samples, int rate)
    {
        var resampler = new WdlResampler();
        resampler.SetMode(interp: true, filtercnt: 0, sinc: true, FilterSize);
        resampler.SetFeedMode(true);
        resampler.SetRates(rate, Rate);

        // The filter looks ahead: silence follows the last sample.
        var count = resampler.ResamplePrepare(samples.Length + FilterSize, 1, out var input);
        samples.CopyTo(input);
        input[samples.Length..count].Clear();
        var output = new float[(int)((long)samples.Length * Rate / rate)];
        resampler.ResampleOut(output, count, output.Length, 1);
        return output;
    }

    /// <summary>The codec takes the least of all samples for silence.</summary>
    private static byte Encode(float sample) =>
        MuLawEncoder.LinearToMuLawSample((short)Math.Clamp(MathF.Round(sample), -short.MaxValue, short.MaxValue));
}
