using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech.Cache;

/// <summary>
/// A part of some audio, whole. Above <see cref="MemoryLimit"/> it is kept in a temporary file, so that slow readers of long speech
/// cost no memory.
/// </summary>
internal sealed class SpeechAudioPart : IDisposable
{
    /// <summary>In bytes: a minute of MP3, half a minute of µ-law.</summary>
    public const int MemoryLimit = 256 * 1024;

    private const int ChunkBytes = 16 * 1024;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly SafeFileHandle? _file;

    /// <exception cref="SpeechFailedException">There is no room for it.</exception>
    public SpeechAudioPart(ReadOnlyMemory<byte> audio)
    {
        Length = audio.Length;
        if (audio.Length <= MemoryLimit)
        {
            _memory = audio;
            return;
        }

        try
        {
            TemporarySpace.Need(audio.Length);
            _file = CreateFile();
            RandomAccess.Write(_file, audio.Span, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new SpeechFailedException(SpeechFailedException.NoSpace, SpeechFailureKind.Lasting, failure);
        }
    }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    public async Task CopyToAsync(Stream stream, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int position = 0, read; position < Length; position += read)
            {
                read = await ReadAsync(position, chunk.AsMemory(0, Math.Min(ChunkBytes, Length - position)), cancellationToken);
                await stream.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A file without a name: nobody else can read it, and it is gone even when the process is killed.</summary>
    private static SafeFileHandle CreateFile()
    {
        // A folder of the process's user alone.
        var folder = Directory.CreateTempSubdirectory("prosaas-speech-");
        try
        {
            return File.OpenHandle(Path.Combine(folder.FullName, "audio"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async ValueTask<int> ReadAsync(int position, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            return await RandomAccess.ReadAsync(_file, chunk, position, cancellationToken) is > 0 and var read
                ? read
                : throw new EndOfStreamException("The temporary file of the audio has been cut short.");
        }

        _memory.Slice(position, chunk.Length).CopyTo(chunk);
        return chunk.Length;
    }
}
