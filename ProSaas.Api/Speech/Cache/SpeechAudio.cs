namespace ProSaas.Api.Speech.Cache;

/// <summary>
/// Audio that is synthesized once for all who ask for it, each part read as soon as it is there. It lives as long as somebody holds
/// it: readers, and the cache as soon as it is whole. When the last reader leaves before, the synthesis is cancelled.
/// </summary>
/// <param name="parts">How many parts it will have.</param>
internal sealed class SpeechAudio(int parts)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<SpeechAudioPart>[] _parts =
    [
        .. Enumerable.Range(0, parts)
            .Select(_ => new TaskCompletionSource<SpeechAudioPart>(TaskCreationOptions.RunContinuationsAsynchronously)),
    ];

    private int _holders = 1;

    /// <summary>Needs no disposal: it has no timer.</summary>
    private CancellationTokenSource Abandoned { get; } = new();

    public IEnumerable<Task<SpeechAudioPart>> Parts => _parts.Select(part => part.Task);

    /// <summary>Runs until the audio is whole, or there will be no more of it; never fails.</summary>
    public Task Synthesis { get; private set; } = Task.CompletedTask;

    public bool IsWhole => Array.TrueForAll(_parts, part => part.Task.IsCompletedSuccessfully);

    /// <summary>In bytes; null while it is not known.</summary>
    public long? Length => IsWhole ? _parts.Sum(part => (long)part.Task.Result.Length) : null;

    public void Start(Func<CancellationToken, Task> synthesize) =>
        Synthesis = Task.Run(() => synthesize(Abandoned.Token), CancellationToken.None);

    /// <summary>False when all have left it.</summary>
    public bool TryHold()
    {
        lock (_lock)
        {
            if (_holders is 0)
            {
                return false;
            }

            _holders++;
            return true;
        }
    }

    /// <returns>Whether it was the last holder's.</returns>
    public bool Release()
    {
        lock (_lock)
        {
            if (--_holders > 0)
            {
                return false;
            }
        }

        Abandoned.Cancel();
        foreach (var part in _parts.Where(part => part.Task.IsCompletedSuccessfully))
        {
            part.Task.Result.Dispose();
        }

        return true;
    }

    /// <summary>Adds a part; with the last one, the cache becomes a holder.</summary>
    /// <exception cref="OperationCanceledException">All have left.</exception>
    public void Add(int index, ReadOnlyMemory<byte> bytes)
    {
        var part = new SpeechAudioPart(bytes);
        lock (_lock)
        {
            if (_holders > 0)
            {
                _parts[index].SetResult(part);
                _holders += IsWhole ? 1 : 0;
                return;
            }
        }

        part.Dispose();
        throw new OperationCanceledException("Nobody waits for the audio any more.");
    }

    /// <summary>Whoever reads beyond what was added gets the failure.</summary>
    public void Fail(Exception failure)
    {
        foreach (var part in _parts)
        {
            if (part.TrySetException(failure))
            {
                // Nobody needs to have read that far.
                _ = part.Task.Exception;
            }
        }
    }
}
