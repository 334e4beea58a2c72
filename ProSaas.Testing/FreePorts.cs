using System.Net;
using System.Net.Sockets;

namespace ProSaas.Testing;

/// <summary>Ports of the loopback address on which nobody listens now; whoever binds first has them.</summary>
public static class FreePorts
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of several ports in a row.</summary>
    public static int NextRow(int count)
    {
        while (true)
        {
            // Below those that the system gives out by itself, so that nobody is given one meanwhile.
            var first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
