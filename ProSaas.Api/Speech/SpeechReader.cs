using System.Buffers;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech;

/// <summary>Somebody's way through audio that is made or kept.</summary>
/// <param name="isHit">Whether it was kept, or was being made for somebody else.</param>
internal sealed class SpeechReader(AudioBuffer audio, bool isHit, Action leave) : IDisposable
{
    private const int ChunkBytes = 16 * 1024;

    private bool _hasLeft;

    public bool IsHit => isHit;

    /// <summary>Bytes in all; null as long as they are not known.</summary>
    public long? Length => audio.IsComplete ? audio.Length : null;

    /// <summary>Waits until there is audio to send.</summary>
    /// <exception cref="SpeechFailedException">There will be none.</exception>
    /// <exception cref="SpeechQuotaSpentException">There will be none today.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken) => await audio.ReadAsync(0, new byte[1], cancellationToken);

    /// <returns>Bytes copied.</returns>
    public async Task<long> CopyToAsync(Stream stream, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long position = 0;
            while (await audio.ReadAsync(position, chunk.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var read)
            {
                await stream.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
                position += read;
            }

            return position;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public void Dispose()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            leave();
        }
    }
}
