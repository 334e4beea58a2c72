using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ProSaas.ServiceDefaults.Configuration;

/// <summary>Checks the addresses to listen on before the host starts, which would only fail with a stack trace.</summary>
internal static class ListenAddresses
{
    private const string Allowed = "http:// or https:// addresses with a port from 0 to 65535, separated by ';'";

    /// <exception cref="ConfigurationException">An address or a port is malformed.</exception>
    public static void Check(IConfiguration configuration)
    {
        CheckEach(configuration, "urls", IsAddress, Allowed);
        foreach (var ports in (string[])["http_ports", "https_ports"])
        {
            CheckEach(configuration, ports, IsPort, "ports from 0 to 65535, separated by ';'");
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            CheckEach(configuration, $"{endpoint.Path}:Url", IsAddress, Allowed);
        }
    }

    private static void CheckEach(IConfiguration configuration, string key, Func<string, bool> isRight, string allowed)
    {
        var value = configuration[key];
        var parts = value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (!parts.All(isRight))
        {
            throw new ConfigurationException(key, value, allowed);
        }
    }

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Port <= ushort.MaxValue && address.Scheme.ToLowerInvariant() is "http" or "https";
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
