using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>Ports that may be set from outside.</summary>
internal static class Port
{
    /// <summary>The exit code of a wrong setting.</summary>
    public const int ConfigurationError = 78;

    /// <summary>Reads a port from the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="key">The setting's name.</param>
    /// <param name="defaultPort">The port if the setting is not there.</param>
    /// <param name="port">The port, 1-65535.</param>
    /// <returns>False, having said why on standard error, if the setting is not a port.</returns>
    public static bool TryRead(IConfiguration configuration, string key, int defaultPort, out int port)
    {
        port = defaultPort;
        var text = configuration[key];
        if (string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535))
        {
            return true;
        }

        Console.Error.WriteLine($"{key} is '{text}'. Allowed: a whole number from 1 to 65535.");
        return false;
    }
}
