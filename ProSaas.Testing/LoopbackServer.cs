using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Testing;

/// <summary>Starts what stands for another service: a web server on a loopback address, without a log.</summary>
public static class LoopbackServer
{
    /// <param name="map">Adds what it answers.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="host">The loopback address.</param>
    public static async Task<WebApplication> StartAsync(Action<WebApplication> map, int port = 0, string host = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://{host}:{port}");
        map(app);
        await app.StartAsync(TestRun.CancellationToken);
        return app;
    }

    /// <summary>Where it listens.</summary>
    public static string Address(this WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}
