using System.Buffers.Binary;

namespace ProSaas.Api.Speech.Audio;

/// <summary>Samples of 16 bit, mono.</summary>
/// <param name="Samples">Little-endian.</param>
/// <param name="Rate">In samples a second.</param>
internal readonly record struct WavFile(ReadOnlyMemory<byte> Samples, int Rate)
{
    /// <summary>Length of the header that <see cref="WriteHeader"/> writes, in bytes.</summary>
    public const int HeaderSize = 44;

    private const int Pcm = 1;
    private const int BytesASample = 2;

    /// <summary>Whether it begins like a RIFF file, as Google's µ-law does.</summary>
    public static bool IsRiff(ReadOnlySpan<byte> bytes) => bytes.StartsWith("RIFF"u8);

    /// <summary>Reads a file; a length that was not known when the header was written means all that is there.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static WavFile Read(ReadOnlyMemory<byte> bytes)
    {
        var rate = 0;
        for (var position = 12; IsRiff(bytes.Span) && position + 8 <= bytes.Length;)
        {
            var header = bytes.Span[position..];
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), bytes.Length - position - 8);
            if (header.StartsWith("data"u8))
            {
                return rate > 0 ? new(bytes.Slice(position + 8, size), rate) : throw new InvalidDataException("The audio's format comes after it.");
            }

            if (header.StartsWith("fmt "u8) && size >= 16)
            {
                rate = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            }

            position += 8 + size + (size & 1);
        }

        throw new InvalidDataException("It is no WAV file.");
    }

    /// <summary>Of a file of this rate with so many bytes of samples.</summary>
    public static void WriteHeader(Span<byte> header, int rate, long bytes)
    {
        var size = (uint)Math.Min(bytes, uint.MaxValue - HeaderSize);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], size + HeaderSize - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)rate * BytesASample);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], BytesASample);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], BytesASample * 8);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], size);
    }
}
