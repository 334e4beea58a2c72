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

/// <summary>The web server of the dashboard: pages and JSON on one port, telemetry on two others, all on 127.0.0.1.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>A browser that is closed leaves its connection open: it is not waited for.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _app;

    public DashboardServer(DashboardSettings settings, TelemetryStore store, ConsoleLog console, IApplication application, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardServer).Assembly.GetName().Name, EnvironmentName = "Production" });
        AddKestrel(builder, settings);
        AddServices(builder, settings, store, console, application, time);
        _app = builder.Build();

        var guard = new AccessGuard(settings);
        _app.UseRouting();
        _app.Use(guard.GuardAsync);
        _app.Use(HardenAsync);
        _app.UseAntiforgery();
        var intake = new TelemetryIntake(store, time);
        _app.MapOtlpHttp(intake);
        _app.MapOtlpGrpc(intake);
        _app.MapLogin(guard);
        _app.MapTelemetryApi(store, application);
        _app.MapStaticAssets();
        _app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout, _app.Services.GetRequiredService<TimeProvider>());
        await _app.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static void AddKestrel(WebApplicationBuilder builder, DashboardSettings settings)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = BodyReader.MaxBytes + 1024;
            server.Listen(IPAddress.Loopback, settings.Frontend.Port, listen => listen.Protocols = HttpProtocols.Http1);
            server.Listen(IPAddress.Loopback, settings.OtlpGrpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
            server.Listen(IPAddress.Loopback, settings.OtlpHttp.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.WebHost.UseStaticWebAssets();
    }

    private static void AddServices(
        WebApplicationBuilder builder, DashboardSettings settings, TelemetryStore store, ConsoleLog console, IApplication application, TimeProvider time)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(console);
        builder.Services.AddSingleton(application);
        builder.Services.AddSingleton(time);
        // Nothing of this run is good for another.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAntiforgery(options => options.Cookie.Name = $".Aspire.Dashboard.Antiforgery.{settings.Frontend.Port}");
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddFluentUIComponents();
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
