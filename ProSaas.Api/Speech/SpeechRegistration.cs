using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProSaas.Api.Http;
using ProSaas.Api.Speech.Cache;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.Api.Speech.Warmup;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Speech;

internal static class SpeechRegistration
{
    /// <exception cref="ConfigurationException">A setting of the provider is missing or wrong.</exception>
    public static void AddSpeech(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SpeechOptions>().BindConfiguration(SpeechOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SpeechOptions>, SpeechOptionsValidator>();
        builder.Services.AddValidator<SpeechRequest, SpeechRequestValidator>();
        builder.Services.AddSingleton(SpeechSettings.Read(builder.Configuration));
        builder.Services.AddSingleton(ChooseProviders);
        builder.Services.AddSingleton<SpeechTelemetry>();
        builder.Services.AddSingleton<SpeechCache>();
        builder.Services.AddSingleton<SpeechQuota>();
        builder.Services.AddSingleton<SpeechSynthesizer>();
        builder.Services.AddHostedService<SpeechRewarm>();
        builder.Services.AddStartupPhase<SpeechWarmup>();

        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(SpeechTelemetry.Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(SpeechTelemetry.Name));
    }

    private static SpeechProviders ChooseProviders(IServiceProvider services)
    {
        var settings = services.GetRequiredService<SpeechSettings>();
        var options = services.GetRequiredService<IOptions<SpeechOptions>>();
        var local = settings.Espeak is { } espeak ? Resilient(new EspeakSpeechProvider(espeak, settings.Ffmpeg)) : null;
        return settings.Provider switch
        {
            SpeechSettings.Google => new(
                Resilient(ActivatorUtilities.CreateInstance<GoogleSpeechProvider>(services)),
                options.Value.AllowLocalFallback ? local : null),
            EspeakSpeechProvider.ProviderName => new(local, Fallback: null),
            _ => new(Primary: null, Fallback: null),
        };

        ResilientSpeechProvider Resilient(ISpeechProvider provider) =>
            new(provider, options, services.GetRequiredService<TimeProvider>());
    }
}
