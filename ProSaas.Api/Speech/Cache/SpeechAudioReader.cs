using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;

namespace ProSaas.Api.Speech.Cache;

/// <summary>One client's way through audio.</summary>
/// <param name="isHit">Whether it was kept, or was being synthesized for somebody else.</param>
internal sealed class SpeechAudioReader(SpeechAudio audio, bool isHit) : IAsyncDisposable
{
    private bool _hasLeft;

    public bool IsHit => isHit;

    /// <inheritdoc cref="SpeechAudio.Length"/>
    public long? Length => audio.Length;

    /// <summary>Waits until there is audio to send.</summary>
    /// <exception cref="SpeechFailedException">There will be none.</exception>
    /// <exception cref="SpeechQuotaSpentException">There will be none today.</exception>
    public Task BeginAsync(CancellationToken cancellationToken) => audio.Parts.First().WaitAsync(cancellationToken);

    /// <returns>Bytes copied.</returns>
    public async Task<long> CopyToAsync(Stream stream, CancellationToken cancellationToken)
    {
        long copied = 0;
        foreach (var next in audio.Parts)
        {
            var part = await next.WaitAsync(cancellationToken);
            await part.CopyToAsync(stream, cancellationToken);
            copied += part.Length;
        }

        return copied;
    }

    /// <summary>The last who leaves a synthesis waits until it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            if (audio.Release())
            {
                await audio.Synthesis;
            }
        }
    }
}
