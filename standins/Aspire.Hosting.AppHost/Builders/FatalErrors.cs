using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Turns an AppHost's foreseeable mistakes into one line and an exit code.</summary>
internal static class FatalErrors
{
    private const int ConfigurationError = 78;

    // The assembly that reads the levels of the log; its exception has no type of its own.
    private const string LogLevels = "Microsoft.Extensions.Logging.Configuration";

    /// <summary>From now on an exception that ends the process is one line if its message says all there is to say.</summary>
    public static void ReportOnOneLine() => AppDomain.CurrentDomain.UnhandledException += Report;

    /// <summary>The exit code for an exception whose message says all there is to say; null for any other.</summary>
    public static int? ExitCodeOf(Exception exception) => exception switch
    {
        MissingParameterValueException => ConfigurationError,
        DistributedApplicationException => 1,
        // A settings file that cannot be read, or a value of the wrong type in it.
        InvalidDataException => ConfigurationError,
        InvalidOperationException { InnerException: FormatException or ArgumentException } or InvalidOperationException { Source: LogLevels } => ConfigurationError,
        AggregateException { InnerExceptions: [var only] } => ExitCodeOf(only),
        _ => null,
    };

    public static string Line(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Line(only),
        InvalidDataException { InnerException: { } inner } => $"{OneLine(exception.Message)} {OneLine(inner.Message)}",
        { Source: LogLevels } => $"Logging:LogLevel: {OneLine(exception.Message)} Allowed: {string.Join(", ", Enum.GetNames<LogLevel>())}.",
        _ => OneLine(exception.Message),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static void Report(object sender, UnhandledExceptionEventArgs e)
    {
        if (e.ExceptionObject is Exception exception && ExitCodeOf(exception) is { } exitCode)
        {
            Console.Error.WriteLine(Line(exception));
            Environment.Exit(exitCode);
        }
    }
}
