using System.Net;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Control;

/// <summary>
/// Lists the resources and runs their commands over HTTP, on a free port of 127.0.0.1, for whoever has the token of the access file:
/// <c>GET /api/resources</c> and <c>POST /api/resources/{resource}/commands/{command}</c>, as JSON or, if asked for, as text.
/// </summary>
internal sealed class ControlServer(ResourceControl control, AccessFile access, IResourceConsole console) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, port: 0);
        });
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.Use(RefuseStrangersAsync);
        _server.MapResources(control);
        await _server.StartAsync(cancellationToken);
        try
        {
            access.Write(Address);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            console.Host($"The resources cannot be asked for from another terminal: {exception.Message}", isError: true);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        access.Delete();
        await (_server?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Address => new Uri(_server!.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Authority;

    private Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        // A page in a browser can make a name of its own lead here; it cannot make the browser send this host.
        if (!string.Equals(context.Request.Host.Value, Address, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        }

        if (!access.Allows(context.Request.Headers.Authorization))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }

        context.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
