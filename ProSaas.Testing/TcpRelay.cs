using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ProSaas.Testing;

/// <summary>Passes connections of one loopback port on to another, and can be cut or go silent like a network.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Link, Task> _links = new();
    private readonly int _target;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile bool _swallowsNew;

    /// <param name="port">Where to listen; 0 for any free port.</param>
    /// <param name="target">The port to pass connections on to.</param>
    public TcpRelay(int port, int target)
    {
        _target = target;
        Port = port;
        Restore();
    }

    public int Port { get; private set; }

    /// <summary>A relay before a database's server.</summary>
    /// <param name="relayed">The same database behind it.</param>
    public static TcpRelay Before(TestDatabase database, out TestDatabase relayed)
    {
        var owner = new NpgsqlConnectionStringBuilder(database.Owner);
        var relay = new TcpRelay(port: 0, owner.Port);
        owner.Port = relay.Port;
        relayed = new TestDatabase(owner.ConnectionString);
        return relay;
    }

    /// <summary>Refuses new connections and resets those there are: the server's process is gone.</summary>
    public async Task CutAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
        await ResetAsync();
    }

    /// <summary>Resets the connections there are and goes on taking new ones.</summary>
    public async Task ResetAsync()
    {
        var links = _links.ToArray();
        foreach (var (link, _) in links)
        {
            link.Reset();
        }

        await Task.WhenAll(links.Select(link => link.Value));
    }

    /// <summary>Takes connections again, after a cut or a silence.</summary>
    public void Restore()
    {
        _swallowsNew = false;
        if (_listener is null)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync(_listener);
        }
    }

    /// <summary>
    /// Passes nothing on any more and closes nothing: neither side is told. New connections work
    /// unless <paramref name="alsoNew"/>.
    /// </summary>
    public void FallSilent(bool alsoNew)
    {
        _swallowsNew = alsoNew;
        foreach (var (link, _) in _links)
        {
            link.IsSilent = true;
        }
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var link = new Link(await listener.AcceptSocketAsync(), new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
                {
                    IsSilent = _swallowsNew
                };
                _links[link] = RunAsync(link);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private async Task RunAsync(Link link)
    {
        await Task.Yield();
        await link.RunAsync(_target);
        _links.TryRemove(link, out _);
    }

    private sealed class Link(Socket client, Socket server)
    {
        /// <summary>Reads on, so that the sender's system confirms every byte, and passes nothing on.</summary>
        public volatile bool IsSilent;

        /// <summary>Both sides get a reset, not an orderly end.</summary>
        public void Reset()
        {
            client.Close(0);
            server.Close(0);
        }

        public async Task RunAsync(int target)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target);
                await await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
                client.Dispose();
                server.Dispose();
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                Reset();
            }
        }

        private async Task CopyAsync(Socket from, Socket to)
        {
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < count && !IsSilent;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
    }
}
