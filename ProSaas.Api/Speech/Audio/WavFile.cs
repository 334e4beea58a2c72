using System.Buffers.Binary;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech.Audio;

/// <summary>Samples of 16 bit, mono.</summary>
/// <param name="Samples">Little-endian.</param>
/// <param name="Rate">In samples a second.</param>
internal readonly record struct WavFile(ReadOnlyMemory<byte> Samples, int Rate)
{
    private const int HeaderSize = 44;
    private const int Pcm = 1;
    private const int BytesPerSample = 2;

    /// <summary>Whether it begins like a RIFF file, as Google's µ-law does.</summary>
    public static bool IsRiff(ReadOnlySpan<byte> bytes) => bytes.StartsWith("RIFF"u8);

    /// <summary>Reads a file; a length that was not known when the header was written means all that is there.</summary>
    /// <exception cref="SpeechFailedException">It is not a WAV file.</exception>
    public static WavFile Read(ReadOnlyMemory<byte> bytes)
    {
        var rate = 0;
        for (var position = 12; IsRiff(bytes.Span) && position + 8 <= bytes.Length;)
        {
            var header = bytes.Span[position..];
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), bytes.Length - position - 8);
            if (header.StartsWith("data"u8) && rate > 0)
            {
                return new(bytes.Slice(position + 8, size), rate);
            }

            if (header.StartsWith("fmt "u8) && size >= 16)
            {
                rate = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            }

            position += 8 + size + (size & 1);
        }

        throw new SpeechFailedException("malformed_audio", SpeechFailureKind.Lasting);
    }

    /// <summary>The header of a file of this rate with so many bytes of samples.</summary>
    public static byte[] Header(int rate, long bytes)
    {
        var header = new byte[HeaderSize];
        var span = header.AsSpan();
        var size = (uint)Math.Min(bytes, uint.MaxValue - HeaderSize);
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], size + HeaderSize - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(span[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(span[24..], (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(span[28..], (uint)rate * BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(span[32..], BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(span[34..], BytesPerSample * 8);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[40..], size);
        return header;
    }

    public byte[] ToBytes() => [.. Header(Rate, Samples.Length), .. Samples.Span];
}
