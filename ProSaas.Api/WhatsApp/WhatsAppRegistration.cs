using System.Net.Http.Headers;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProSaas.Api.Http;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.WhatsApp;

internal static class WhatsAppRegistration
{
    /// <summary>Longer than the service itself waits for WhatsApp (20 s), so that its answer is heard.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(25);

    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static void AddWhatsApp(this IHostApplicationBuilder builder)
    {
        var settings = WhatsAppSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddValidator<InboundMessage, InboundMessage.Validator>();
        builder.Services.AddValidator<ServiceSession, ServiceSession.Validator>();

        // Without retries: what was not delivered comes again by itself.
        builder.Services.AddSingleton(_ => new WhatsAppService(Client(settings), settings));
        builder.Services.AddStartupPhase<WhatsAppProbe>();
        builder.Services.AddSingleton<WhatsAppTelemetry>();
        builder.Services.AddSingleton<DeliveryStore>();
        builder.Services.AddSingleton<DeliveryWorker>();
        if (settings.Address is not null)
        {
            builder.Services.AddHostedService(services => services.GetRequiredService<DeliveryWorker>());
            builder.Services.AddHostedService<ErasureWorker>();
        }

        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(WhatsAppTelemetry.Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(WhatsAppTelemetry.Name));
    }

    public static void MapWhatsApp(this WebApplication app)
    {
        app.MapWhatsAppService();
        app.MapConnection();
    }

    private static HttpClient Client(WhatsAppSettings settings)
    {
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = CallLimit };
        if (settings.Address is { } address)
        {
            client.BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Secret);
        }

        return client;
    }
}
