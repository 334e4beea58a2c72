using System.Net;
using Aspire.Dashboard.Access;
using Aspire.Dashboard.Api;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Components;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aspire.Dashboard.Hosting;

/// <summary>
/// The web server of the dashboard: pages and JSON on one port, telemetry on two others, all on 127.0.0.1. The receiver is a server of
/// its own: it is there before anything sends, and the pages, which cost half a second of a core to start, can wait.
/// </summary>
internal sealed class DashboardServer(DashboardSettings settings, TelemetryStore store, ConsoleLog console, IApplication application, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A browser that is closed leaves its connection open: it is not waited for.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(200);

    private readonly AccessGuard _guard = new(settings);
    private readonly List<WebApplication> _started = [];

    /// <summary>Starts all of it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartReceiverAsync(cancellationToken);
        await StartPagesAsync(cancellationToken);
    }

    /// <summary>Starts what takes telemetry.</summary>
    public Task StartReceiverAsync(CancellationToken cancellationToken)
    {
        var builder = CreateBuilder(server =>
        {
            server.Listen(IPAddress.Loopback, settings.OtlpGrpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
            server.Listen(IPAddress.Loopback, settings.OtlpHttp.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.Use(_guard.GuardAsync);
        var intake = new TelemetryIntake(store, time);
        app.MapOtlpHttp(intake);
        app.MapOtlpGrpc(intake);
        return StartAsync(app, cancellationToken);
    }

    /// <summary>Starts what is looked at.</summary>
    public Task StartPagesAsync(CancellationToken cancellationToken)
    {
        var builder = CreateBuilder(server => server.Listen(IPAddress.Loopback, settings.Frontend.Port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.WebHost.UseStaticWebAssets();
        AddServices(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        app.Use(_guard.GuardAsync);
        app.Use(HardenAsync);
        app.UseAntiforgery();
        app.MapLogin(_guard);
        app.MapTelemetryApi(store, application);
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return StartAsync(app, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Enumerable.Reverse(_started))
        {
            using var deadline = new CancellationTokenSource(StopTimeout, time);
            await app.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await app.DisposeAsync();
        }
    }

    private static WebApplicationBuilder CreateBuilder(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardServer).Assembly.GetName().Name, EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = BodyReader.MaxBytes + 1024;
            listen(server);
        });
        builder.Logging.ClearProviders();
        return builder;
    }

    private Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        _started.Add(app);
        return app.StartAsync(cancellationToken);
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddRouting();
        services.AddSingleton(store);
        services.AddSingleton(console);
        services.AddSingleton(application);
        services.AddSingleton(time);
        // Nothing of this run is good for another.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(options => options.Cookie.Name = $".Aspire.Dashboard.Antiforgery.{settings.Frontend.Port}");
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddFluentUIComponents();
    }

    private static Task HardenAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        return next(context);
    }
}
