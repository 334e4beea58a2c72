using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ProSaas.ServiceDefaults.Logging;

/// <summary>Writes one line an event: time, level as operators' scripts expect it, category, message, exception.</summary>
internal sealed class LineConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string LineBreakMark = " | ";

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

        textWriter.Write('\n');
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

            writer.Write(first ? line : line.TrimStart());
            first = false;
        }
    }
}
