using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>Ports that may be set from outside.</summary>
internal static class Port
{
    /// <summary>The exit code of a wrong setting.</summary>
    public const int ConfigurationError = 78;

    private const int Last = 65535;

    /// <summary>Reads a port from the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="key">The setting's name.</param>
    /// <param name="defaultPort">The port if the setting is not there.</param>
    /// <param name="port">The port, 1-65535.</param>
    /// <param name="count">How many ports are used from this one on.</param>
    /// <returns>False, having said why on standard error, if the setting is not a port.</returns>
    public static bool TryRead(IConfiguration configuration, string key, int defaultPort, out int port, int count = 1)
    {
        port = defaultPort;
        var text = configuration[key];
        if (string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= 1 && port <= Last - count + 1))
        {
            return true;
        }

        Console.Error.WriteLine($"{key} is '{text}'. Allowed: a whole number from 1 to {Last - count + 1}.");
        return false;
    }
}
