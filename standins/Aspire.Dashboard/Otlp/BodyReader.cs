using System.Buffers;
using System.IO.Compression;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads bodies and messages up to a bound, before and after they are unpacked.</summary>
internal static class BodyReader
{
    /// <summary>The most that a message may have, in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public static bool IsSupported(string? encoding) => encoding is null or "" or "identity" or "gzip";

    /// <summary>Reads a message to its end.</summary>
    /// <param name="stream">What it is read from.</param>
    /// <param name="encoding">How it is packed.</param>
    /// <returns>Null if it is larger than allowed.</returns>
    /// <exception cref="InvalidDataException">It is not packed as it says.</exception>
    public static async Task<ReadOnlySequence<byte>?> ReadAsync(Stream stream, string? encoding, CancellationToken cancellationToken)
    {
        await using var unpacked = encoding is "gzip" ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : null;
        var source = unpacked ?? stream;
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        while (true)
        {
            var read = await source.ReadAsync(bytes.GetMemory(16 * 1024), cancellationToken);
            if (read == 0)
            {
                return new ReadOnlySequence<byte>(bytes.WrittenMemory);
            }

            bytes.Advance(read);
            if (bytes.WrittenCount > MaxBytes)
            {
                return null;
            }
        }
    }
}
