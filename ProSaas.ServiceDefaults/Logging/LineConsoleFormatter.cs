using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ProSaas.ServiceDefaults.Logging;

/// <summary>
/// Writes one line an event: time, level as operators' scripts expect it, category, message, exception, and in brackets the trace of the
/// request that it belongs to. What a line quotes cannot end it or steer a terminal: control characters are escaped.
/// </summary>
internal sealed class LineConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string LineBreakMark = " | ";

    /// <summary>ASP.NET Core's name for the activity of each request.</summary>
    private const string RequestName = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    /// <summary>Controls of terminals (C0, C1), other ends of lines, and what turns the direction of all that follows.</summary>
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0x2028, 0x2029])
            .Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2066, 4)).Select(code => (char)code),
    ]);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write(' ');
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(' ');
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        WriteOnOneLine(textWriter, message);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(LineBreakMark);
            WriteOnOneLine(textWriter, exception.ToString());
        }

        if (FindRequest() is { } request)
        {
            textWriter.Write($" [trace {request.TraceId}]");
        }

        textWriter.Write('\n');
    }

    /// <summary>Null for what no request asked for: the lines of a start are as operators' scripts expect them.</summary>
    private static Activity? FindRequest()
    {
        var activity = Activity.Current;
        while (activity is not null && activity.OperationName is not RequestName)
        {
            activity = activity.Parent;
        }

        return activity;
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "CRITICAL",
        _ => "NONE",
    };

    private static void WriteOnOneLine(TextWriter writer, string text)
    {
        var rest = text.AsSpan();
        var first = true;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny('\r', '\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IsWhiteSpace())
            {
                continue;
            }

            if (!first)
            {
                writer.Write(LineBreakMark);
            }

            WriteEscaped(writer, first ? line : line.TrimStart());
            first = false;
        }
    }

    private static void WriteEscaped(TextWriter writer, ReadOnlySpan<char> line)
    {
        while (line.IndexOfAny(Unprintable) is >= 0 and var end)
        {
            writer.Write(line[..end]);
            writer.Write($"\\u{(int)line[end]:x4}");
            line = line[(end + 1)..];
        }

        writer.Write(line);
    }
}
