using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.ServiceDefaults.Logging;

internal static class LineLoggingExtensions
{
    private const string FormatterKey = "Logging:Console:FormatterName";
    private static readonly string[] Formatters = [LineConsoleFormatter.FormatterName, ConsoleFormatterNames.Json];

    /// <summary>Console logs as one line an event; <c>Logging:Console:FormatterName=json</c> switches to JSON.</summary>
    public static void AddLineLogging(this IHostApplicationBuilder builder)
    {
        var formatter = builder.Configuration[FormatterKey] ?? LineConsoleFormatter.FormatterName;
        if (!Formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(FormatterKey, formatter, string.Join(" or ", Formatters));
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.FormatterName = formatter);
        builder.Logging.AddConsoleFormatter<LineConsoleFormatter, ConsoleFormatterOptions>();
    }
}
