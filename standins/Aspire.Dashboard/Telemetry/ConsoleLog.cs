namespace Aspire.Dashboard.Telemetry;

/// <summary>Keeps the latest lines of each resource's console.</summary>
/// <param name="time">The clock.</param>
public sealed class ConsoleLog(TimeProvider time)
{
    internal const int MaxLines = 5_000;
    private const int MaxLineLength = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<ConsoleLine>> _lines = new(StringComparer.OrdinalIgnoreCase);
    private long _last;

    /// <summary>Says that a line was written.</summary>
    public ChangeSignal Changes { get; } = new(time);

    /// <summary>The lines of a resource after one of them, oldest first.</summary>
    /// <param name="resource">The resource's or replica's name.</param>
    /// <param name="after">The number of the last line that was seen; 0 for all that are kept.</param>
    /// <param name="take">How many at most: the latest ones.</param>
    public IReadOnlyList<ConsoleLine> Read(string resource, long after = 0, int take = MaxLines)
    {
        lock (_lock)
        {
            return _lines.TryGetValue(resource, out var lines) ? [.. lines.SkipWhile(line => line.Number <= after).TakeLast(take)] : [];
        }
    }

    internal void Add(string resource, string text, bool isError)
    {
        lock (_lock)
        {
            var lines = _lines.TryGetValue(resource, out var known) ? known : _lines[resource] = [];
            lines.Enqueue(new(++_last, time.GetUtcNow(), text.Length <= MaxLineLength ? text : $"{text.AsSpan(0, MaxLineLength)}…", isError));
            if (lines.Count > MaxLines)
            {
                lines.Dequeue();
            }
        }

        Changes.Raise();
    }
}

/// <summary>A line of a console.</summary>
/// <param name="Number">Grows from line to line, across all resources.</param>
/// <param name="Time">When it was read.</param>
/// <param name="Text">The line.</param>
/// <param name="IsError">Whether it was written to standard error.</param>
public sealed record ConsoleLine(long Number, DateTimeOffset Time, string Text, bool IsError);
