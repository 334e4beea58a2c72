using System.Net;
using System.Net.Sockets;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;

namespace Aspire.Dashboard.Hosting;

/// <summary>Starts the dashboard beside the resources, which never wait for it, and ends it after them: their last words are telemetry too.</summary>
internal sealed class DashboardHost(
    DashboardSettings settings,
    TelemetryStore store,
    ConsoleLog consoleLog,
    EngineApplication application,
    IResourceConsole console,
    TimeProvider time) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>Whoever waits for a long start wants to see it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <exception cref="DistributedApplicationException">A port is in use.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        RequireFree(settings);
        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StoppedAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await using var server = new DashboardServer(settings, store, consoleLog, application, time);
            await server.StartReceiverAsync(stop);
            var following = application.FollowAsync(stop);
            // The resources have the cores first.
            await Task.WhenAny(application.Settled, Task.Delay(LongestWait, time, stop));
            await server.StartPagesAsync(stop);
            console.Host($"Dashboard: {settings.LoginUrl}");
            await following;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (Exception exception)
        {
            // The application is worth more than its picture, so it stays.
            console.Host($"The dashboard cannot be shown: {exception.Message.ReplaceLineEndings(" ")}", isError: true);
        }
    }

    internal static void RequireFree(DashboardSettings settings)
    {
        RequireFree(settings.Frontend, "the dashboard needs", settings.PortVariable);
        RequireFree(settings.OtlpGrpc, "the dashboard needs for OTLP over gRPC", settings.PortVariable);
        RequireFree(settings.OtlpHttp, "the dashboard needs for OTLP over HTTP", settings.PortVariable);
    }

    private static void RequireFree(Uri address, string need, string? portVariable)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, address.Port);
            listener.Start();
        }
        catch (SocketException)
        {
            var remedy = portVariable is { } variable ? $"free it, or set {variable} to another" : "free it";
            throw new DistributedApplicationException($"Port {address.Port}, which {need}, is in use: {remedy}.");
        }
    }
}
