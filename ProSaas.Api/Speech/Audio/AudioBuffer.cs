using Microsoft.Win32.SafeHandles;

namespace ProSaas.Api.Speech.Audio;

/// <summary>
/// Audio that grows while it is made: one writes, any number read, each from its own place and at its own pace. What goes beyond
/// <see cref="MemoryLimit"/> is kept in a temporary file, so that slow readers of long speech cost no memory.
/// It lives as long as somebody holds it.
/// </summary>
internal sealed class AudioBuffer
{
    /// <summary>In bytes: a minute of MP3, half a minute of µ-law.</summary>
    public const int MemoryLimit = 256 * 1024;

    private readonly Lock _lock = new();
    private byte[] _memory = [];
    private SafeFileHandle? _file;
    private long _written;
    private long _published;
    private bool _isComplete;
    private Exception? _failure;
    private TaskCompletionSource _changed = NewChange();
    private int _holders = 1;

    /// <summary>What was written, in bytes.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
            {
                return _written;
            }
        }
    }

    /// <summary>Whether nothing more comes.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _isComplete;
            }
        }
    }

    public void Hold()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_holders == 0, this);
            _holders++;
        }
    }

    public void Release()
    {
        SafeFileHandle? file;
        lock (_lock)
        {
            if (--_holders > 0)
            {
                return;
            }

            (file, _file, _memory) = (_file, null, []);
        }

        file?.Dispose();
    }

    /// <summary>Adds audio, which readers do not see before <see cref="Publish"/>.</summary>
    /// <exception cref="IOException">The temporary file could not be made or written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_file is null && _written + bytes.Length > MemoryLimit)
            {
                _file = OpenFile();
                RandomAccess.Write(_file, _memory.AsSpan(0, (int)_written), 0);
                _memory = [];
            }

            Write(_written, bytes);
            _written += bytes.Length;
        }
    }

    /// <summary>Writes over what was written.</summary>
    public void Patch(long position, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            Write(position, bytes);
        }
    }

    /// <summary>Shows readers all that was written.</summary>
    public void Publish() => Change(() => _published = _written);

    /// <summary>Shows readers all that was written, and that nothing more comes.</summary>
    public void Complete() => Change(() => (_published, _isComplete) = (_written, true));

    /// <summary>Readers get what was published and then this.</summary>
    public void Fail(Exception failure) => Change(() => _failure = failure);

    /// <summary>Waits until there is audio after the position, or none will come.</summary>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(long position, Memory<byte> into, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_holders == 0, this);
                if (position < _published)
                {
                    var wanted = into.Span[..(int)Math.Min(into.Length, _published - position)];
                    if (_file is { } file)
                    {
                        return RandomAccess.Read(file, wanted, position);
                    }

                    _memory.AsSpan((int)position, wanted.Length).CopyTo(wanted);
                    return wanted.Length;
                }

                if (_failure is not null)
                {
                    throw _failure;
                }

                if (_isComplete)
                {
                    return 0;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A file without a name where the system allows it: nobody else reads what is said in it, and it is gone even when the process is killed.</summary>
    private static SafeFileHandle OpenFile()
    {
        if (OperatingSystem.IsWindows())
        {
            var path = Path.Combine(Path.GetTempPath(), $"prosaas-speech-{Guid.NewGuid():N}");
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }

        // A folder of the process's user alone.
        var folder = Directory.CreateTempSubdirectory("prosaas-speech-");
        try
        {
            return File.OpenHandle(Path.Combine(folder.FullName, "audio"), FileMode.CreateNew, FileAccess.ReadWrite);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (_file is not null)
        {
            RandomAccess.Write(_file, bytes, position);
            return;
        }

        var end = (int)position + bytes.Length;
        if (end > _memory.Length)
        {
            // To the byte for the first piece, which is most often the only one.
            Array.Resize(ref _memory, _memory.Length == 0 ? end : Math.Max(end, Math.Min(2 * _memory.Length, MemoryLimit)));
        }

        bytes.CopyTo(_memory.AsSpan((int)position));
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            (changed, _changed) = (_changed, NewChange());
        }

        changed.SetResult();
    }
}
