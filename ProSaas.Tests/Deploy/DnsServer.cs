using System.Buffers.Binary;
using System.Net.Sockets;

namespace ProSaas.Tests.Deploy;

/// <summary>A name server for IPv4 addresses (RFC 1035), as a network of containers has one.</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const ushort AddressType = 1;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<string, IPAddress[]> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Task _answering;

    public DnsServer() => _answering = AnswerAsync();

    public string Address => _socket.Client.LocalEndPoint!.ToString()!;

    /// <summary>From now on the name has these addresses, without any it does not exist.</summary>
    public void Set(string name, params string[] addresses) => _addresses[name] = [.. addresses.Select(IPAddress.Parse)];

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(CancellationToken.None);
                await _socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint, CancellationToken.None);
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or SocketException)
        {
            // The socket was closed.
        }
    }

    private byte[] Answer(byte[] query)
    {
        var position = HeaderLength;
        List<string> labels = [];
        for (int length; (length = query[position++]) > 0; position += length)
        {
            labels.Add(Encoding.ASCII.GetString(query, position, length));
        }

        var asksAddress = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(position)) == AddressType;
        var known = _addresses.GetValueOrDefault(string.Join('.', labels)) ?? [];
        IPAddress[] found = asksAddress ? known : [];
        byte[] header = [query[0], query[1], 0x81, (byte)(known.Length is 0 ? 0x83 : 0x80), 0, 1, 0, (byte)found.Length, 0, 0, 0, 0];
        // Each record points back to the name in the question, and is good for no second.
        return [.. header, .. query[HeaderLength..(position + 4)], .. found.SelectMany(address =>
            (byte[])[0xc0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, .. address.GetAddressBytes()])];
    }
}
