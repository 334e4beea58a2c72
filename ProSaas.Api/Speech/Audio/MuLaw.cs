using System.Runtime.InteropServices;

namespace ProSaas.Api.Speech.Audio;

/// <summary>G.711 µ-law at the telephone's rate.</summary>
internal static class MuLaw
{
    /// <summary>In samples a second.</summary>
    public const int Rate = 8_000;

    private const int Bias = 0x84;
    private const int Clip = 32_635;

    /// <summary>Samples brought to 8 kHz, a byte each.</summary>
    public static byte[] Encode(WavFile audio)
    {
        var samples = Resampler.Resample(MemoryMarshal.Cast<byte, short>(audio.Samples.Span), audio.Rate, Rate);
        var encoded = new byte[samples.Length];
        for (var index = 0; index < samples.Length; index++)
        {
            encoded[index] = Encode(samples[index]);
        }

        return encoded;
    }

    // ITU-T G.711, table 2a: sign, three bits of exponent, four of mantissa, all inverted.
    private static byte Encode(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), Clip) + Bias;
        var exponent = int.Log2(magnitude) - 7;
        return (byte)~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F));
    }
}
