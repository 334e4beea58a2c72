using System.Net;
using System.Net.Sockets;

namespace ProSaas.Api.Http;

/// <summary>
/// What counts as one client wherever clients are counted: an IPv4 address or an IPv6 /64, of which a client has all addresses
/// to choose from.
/// </summary>
internal static class ClientNetwork
{
    private const int Ipv6NetworkBytes = 8;

    /// <summary>The network's name, the same for each address of it; <c>unknown</c> for a connection that has no address.</summary>
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <inheritdoc cref="Of(HttpContext)"/>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes(), 0, Ipv6NetworkBytes)
            : address.ToString();
    }
}
