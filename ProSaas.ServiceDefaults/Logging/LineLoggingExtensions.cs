using Microsoft.Extensions.Configuration;
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
    /// <exception cref="ConfigurationException">The formatter or a level is not known.</exception>
    public static void AddLineLogging(this IHostApplicationBuilder builder)
    {
        var formatter = builder.Configuration[FormatterKey] ?? LineConsoleFormatter.FormatterName;
        if (formatter.Equals(ConsoleFormatterNames.Simple, StringComparison.OrdinalIgnoreCase))
        {
            // Aspire gives this one to every project, whatever the project wants.
            formatter = LineConsoleFormatter.FormatterName;
        }

        if (!Formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(FormatterKey, formatter, string.Join(" or ", Formatters));
        }

        CheckLevels(builder.Configuration.GetSection("Logging"));
        builder.Logging.ClearProviders();

        // A failed start reaches Main, which says it on one line; here it would be said with its stack as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddConsole(options => options.FormatterName = formatter);
        builder.Logging.AddConsoleFormatter<LineConsoleFormatter, ConsoleFormatterOptions>();
    }

    private static void CheckLevels(IConfigurationSection logging)
    {
        var providers = logging.GetChildren().Select(provider => provider.GetSection("LogLevel"));
        var wrong = providers.Prepend(logging.GetSection("LogLevel"))
            .SelectMany(levels => levels.GetChildren())
            .FirstOrDefault(level => !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _));
        if (wrong is not null)
        {
            throw new ConfigurationException(wrong.Path, wrong.Value, string.Join(", ", Enum.GetNames<LogLevel>()));
        }
    }
}
