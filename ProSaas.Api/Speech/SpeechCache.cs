using Microsoft.Extensions.Options;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech;

/// <summary>
/// Audio by its content, made once however many ask for it at once, and kept as long as <see cref="SpeechOptions.CacheBytes"/> has
/// room; what was not asked for longest goes first. What nobody waits for any more is not made to its end.
/// </summary>
internal sealed class SpeechCache(IOptions<SpeechOptions> options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>The last used first.</summary>
    private readonly LinkedList<Entry> _byUse = [];
    private readonly long _limit = options.Value.CacheBytes;
    private long _bytes;

    /// <summary>What is kept whole, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>The audio of a key; has it made when nobody does already.</summary>
    /// <param name="make">Writes the audio. A throw reaches all who wait for it, and the next one who asks has it made again.</param>
    public SpeechReader Open(string key, Func<AudioBuffer, CancellationToken, Task> make)
    {
        lock (_lock)
        {
            var isHit = _entries.TryGetValue(key, out var node);
            if (node is null)
            {
                node = _byUse.AddFirst(new Entry(key));
                _entries[key] = node;
                var entry = node.Value;
                entry.Making = Task.Run(() => MakeAsync(entry, make), CancellationToken.None);
            }
            else
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            node.Value.Readers++;
            node.Value.Audio.Hold();
            return new SpeechReader(node.Value.Audio, isHit, () => Leave(node.Value));
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Entry> entries;
        lock (_lock)
        {
            entries = [.. _byUse];
        }

        foreach (var entry in entries)
        {
            await entry.Stop.CancelAsync();
            await entry.Making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MakeAsync(Entry entry, Func<AudioBuffer, CancellationToken, Task> make)
    {
        try
        {
            await make(entry.Audio, entry.Stop.Token);
            entry.Audio.Complete();
            Keep(entry);
        }
        catch (Exception failure)
        {
            // First out of the way, then told: who asks again after the failure has it made anew.
            Forget(entry);
            entry.Audio.Fail(failure);
        }
        finally
        {
            entry.Audio.Release();
        }
    }

    private void Keep(Entry entry)
    {
        lock (_lock)
        {
            if (!IsCurrent(entry))
            {
                return;
            }

            entry.Bytes = entry.Audio.Length;
            _bytes += entry.Bytes;
            entry.IsKept = true;
            entry.Audio.Hold();
            if (entry.Bytes > _limit)
            {
                Drop(entry);
            }

            for (var node = _byUse.Last; _bytes > _limit && node is not null;)
            {
                var (last, previous) = (node.Value, node.Previous);
                if (last.IsKept)
                {
                    Drop(last);
                }

                node = previous;
            }
        }
    }

    private void Leave(Entry entry)
    {
        entry.Audio.Release();
        bool isAbandoned;
        lock (_lock)
        {
            isAbandoned = --entry.Readers == 0 && !entry.Audio.IsComplete;
            if (isAbandoned)
            {
                Drop(entry);
            }
        }

        if (isAbandoned)
        {
            entry.Stop.Cancel();
        }
    }

    private void Forget(Entry entry)
    {
        lock (_lock)
        {
            Drop(entry);
        }
    }

    private void Drop(Entry entry)
    {
        if (!IsCurrent(entry))
        {
            return;
        }

        _byUse.Remove(_entries[entry.Key]);
        _entries.Remove(entry.Key);
        _bytes -= entry.Bytes;
        if (entry.IsKept)
        {
            entry.Audio.Release();
        }
    }

    private bool IsCurrent(Entry entry) => _entries.TryGetValue(entry.Key, out var node) && ReferenceEquals(node.Value, entry);

    private sealed class Entry(string key)
    {
        public string Key => key;

        public AudioBuffer Audio { get; } = new();

        public CancellationTokenSource Stop { get; } = new();

        public Task Making { get; set; } = Task.CompletedTask;

        public int Readers { get; set; }

        public bool IsKept { get; set; }

        public long Bytes { get; set; }
    }
}
