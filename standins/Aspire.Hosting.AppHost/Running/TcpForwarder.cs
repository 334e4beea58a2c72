using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>Passes the connections of one loopback port on to several others in turn, leaving out those that refuse.</summary>
/// <param name="port">The port that callers use.</param>
/// <param name="targets">The ports of the replicas.</param>
internal sealed class TcpForwarder(int port, IReadOnlyList<int> targets) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _next = -1;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _listener.Start();
        _accepting = AcceptAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        var connections = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(stop), stop));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A caller that went away before it was accepted is no reason to stop; the loop's condition is.
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ForwardAsync(TcpClient caller, CancellationToken stop)
    {
        using (caller)
        using (var target = await ConnectAsync(stop))
        {
            if (target is null)
            {
                return;
            }

            using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var there = CopyAsync(caller, target, done.Token);
            var back = CopyAsync(target, caller, done.Token);
            // When the replica has said all, or is gone, the connection is over; a caller that has said all may still be answered.
            await back;
            await done.CancelAsync();
            await there;
        }
    }

    private async Task<TcpClient?> ConnectAsync(CancellationToken stop)
    {
        for (var attempt = 0; attempt < targets.Count; attempt++)
        {
            var turn = (int)((uint)Interlocked.Increment(ref _next) % (uint)targets.Count);
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, targets[turn], stop);
                return client;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                client.Dispose();
            }
        }

        return null;
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken cancellationToken)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), cancellationToken);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side may hang up at any time; the other is told by closing its connection.
        }
    }
}
