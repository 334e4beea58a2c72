using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ProSaas.Api.Speech.Providers;
using ZiggyCreatures.Caching.Fusion;

namespace ProSaas.Api.Speech.Cache;

/// <summary>
/// Audio by what it depends on. An entry is there from the beginning of its synthesis, so that equal requests share one, and stays as
/// long as <see cref="SpeechOptions.CacheBytes"/>, and a quarter of the temporary files' space, have room; what was not asked for longest
/// goes first.
/// </summary>
internal sealed class SpeechCache : IDisposable
{
    private const double Compaction = 0.25;

    private static readonly FusionCacheEntryOptions Unfinished =
        new(TimeSpan.MaxValue) { Size = 0, Priority = CacheItemPriority.NeverRemove };

    private readonly long _limit;
    private readonly MemoryCache _memory;
    private readonly FusionCache _cache;

    public SpeechCache(IOptions<SpeechOptions> options)
    {
        _limit = Math.Min(options.Value.CacheBytes, TemporarySpace.CacheLimit);
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = _limit, CompactionPercentage = Compaction, TrackStatistics = true });
        _cache = new FusionCache(new FusionCacheOptions { CacheName = "speech", DisableTagging = true }, _memory);
        _cache.Events.Memory.Eviction += (_, evicted) =>
        {
            // What replaces an entry is the same audio, whole.
            if (evicted is { Reason: not EvictionReason.Replaced, Value: SpeechAudio { IsWhole: true } audio })
            {
                audio.Release();
            }
        };
    }

    /// <summary>What is kept, in bytes.</summary>
    public long Bytes => _memory.GetCurrentStatistics()!.CurrentEstimatedSize!.Value;

    /// <summary>The audio of a key; begins its synthesis when nobody has.</summary>
    /// <param name="parts">How many parts the audio has.</param>
    /// <param name="synthesize">
    /// Adds the parts. A failure reaches all who wait for it, and the next one who asks has it synthesized again.
    /// </param>
    public async Task<SpeechAudioReader> OpenAsync(
        string key, int parts, Func<SpeechAudio, CancellationToken, Task> synthesize, CancellationToken cancellationToken)
    {
        while (true)
        {
            SpeechAudio? created = null;
            var audio = _cache.GetOrSet<SpeechAudio>(key, _ => created = new SpeechAudio(parts), Unfinished, token: CancellationToken.None);
            if (created is not null)
            {
                audio.Start(token => SynthesizeAsync(key, audio, synthesize, token));
            }

            if (created is not null || audio.TryHold())
            {
                return new SpeechAudioReader(audio, isHit: created is null);
            }

            // All others have left: it leaves the cache as soon as it has stopped.
            await audio.Synthesis.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _memory.Dispose();
    }

    private async Task SynthesizeAsync(
        string key, SpeechAudio audio, Func<SpeechAudio, CancellationToken, Task> synthesize, CancellationToken cancellationToken)
    {
        try
        {
            await synthesize(audio, cancellationToken);
            Keep(key, audio);
        }
        catch (Exception failure)
        {
            if (failure is SpeechFailedException { Reason: SpeechFailedException.NoSpace })
            {
                // Something else has filled the disk: what is kept here makes room for who comes again.
                _memory.Compact(1);
            }

            // First out of the way, then told: who asks again after the failure has it synthesized anew.
            _cache.Remove(key, token: CancellationToken.None);
            audio.Fail(failure);
        }
    }

    private void Keep(string key, SpeechAudio audio)
    {
        // A full memory cache refuses what is new, and makes room for the next only.
        var bytes = audio.Length!.Value;
        if (bytes <= _limit && Bytes + bytes > _limit)
        {
            _memory.Compact(Math.Max(Compaction, 1.5 / _memory.Count));
        }

        _cache.Set(key, audio, new FusionCacheEntryOptions(TimeSpan.MaxValue) { Size = bytes });
    }
}
