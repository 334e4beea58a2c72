using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProSaas.Api.Speech.Providers;
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
        builder.Services.AddSingleton(SpeechSettings.Read(builder.Configuration));
        builder.Services.AddSingleton(ChooseSources);
        builder.Services.AddSingleton<SpeechTelemetry>();
        builder.Services.AddSingleton<SpeechCache>();
        builder.Services.AddSingleton<SpeechQuota>();
        builder.Services.AddSingleton<SpeechSynthesizer>();
        builder.Services.AddHostedService<SpeechRewarm>();
        builder.Services.AddStartupPhase<SpeechWarmup>();

        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(SpeechTelemetry.Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(SpeechTelemetry.Name));
    }

    private static SpeechSources ChooseSources(IServiceProvider services)
    {
        var settings = services.GetRequiredService<SpeechSettings>();
        var local = settings.Espeak is { } espeak ? Guard(new EspeakSpeech(espeak, settings.Ffmpeg)) : null;
        return settings.Provider switch
        {
            SpeechSettings.Google => new(
                Guard(ActivatorUtilities.CreateInstance<GoogleSpeech>(services)),
                services.GetRequiredService<IOptions<SpeechOptions>>().Value.AllowLocalFallback ? local : null),
            EspeakSpeech.ProviderName => new(local, Fallback: null),
            _ => new(Primary: null, Fallback: null),
        };

        SpeechSource Guard(ISpeechProvider provider) => new(provider, services.GetRequiredService<IOptions<SpeechOptions>>(), services.GetRequiredService<TimeProvider>());
    }
}
