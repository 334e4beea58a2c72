using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts;

/// <summary>
/// Whose word on the client's address counts: that of proxies in the networks of <c>ForwardedHeaders:KnownNetworks</c>, this
/// machine's by default. The switch of published apps, ASPNETCORE_FORWARDEDHEADERS_ENABLED, believes everybody.
/// </summary>
internal static class ClientAddress
{
    private const string Setting = "ForwardedHeaders:KnownNetworks";

    /// <summary>As the framework reads it, which takes no word but <c>true</c> for it.</summary>
    private const string Switch = "ForwardedHeaders_Enabled";

    private static readonly string[] ThisMachine = ["127.0.0.0/8", "::1/128"];

    /// <exception cref="ConfigurationException">A network is malformed, or networks are set and no header is read.</exception>
    public static void AddClientAddress(this IHostApplicationBuilder builder)
    {
        // An empty list would mean everybody.
        var configured = builder.Configuration.GetSection(Setting).Get<string[]>();
        var networks = (configured is { Length: > 0 } ? configured : ThisMachine).Select(Parse).ToList();
        var read = builder.Configuration[Switch];
        if (configured is { Length: > 0 } && !string.Equals(read, "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(
                $"ASPNETCORE_{Switch.ToUpperInvariant()}", read, $"true, or no {Setting}: without it nobody is asked who the client is");
        }

        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
            {
                options.KnownIPNetworks.Add(network);
            }

            // Back through all known proxies, to the first address that is none of them.
            options.ForwardLimit = null;
        });
    }

    private static System.Net.IPNetwork Parse(string text, int index) =>
        System.Net.IPNetwork.TryParse(text, out var network)
            ? network
            : throw new ConfigurationException($"{Setting}:{index}", text, "a network, for instance 10.0.0.0/8 or fd00::/8");
}
