using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ProSaas.Testing;

/// <summary>Makes WAV files of one channel and 16 bits a sample.</summary>
public static class WaveFile
{
    private const int HeaderSize = 44;

    /// <summary>The samples of a sine wave.</summary>
    public static byte[] Tone(double hertz, int rate, int seconds) =>
        MemoryMarshal.AsBytes<short>([.. Enumerable.Range(0, rate * seconds)
            .Select(index => (short)(10_000 * Math.Sin(2 * Math.PI * hertz * index / rate)))]).ToArray();

    /// <summary>A file of the samples.</summary>
    public static byte[] Of(byte[] samples, int rate)
    {
        var file = new byte[HeaderSize + samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)(file.Length - 8));
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 0x0001_0001);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(28), 2 * (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(32), 0x0010_0002);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), (uint)samples.Length);
        samples.CopyTo(file, HeaderSize);
        return file;
    }
}
