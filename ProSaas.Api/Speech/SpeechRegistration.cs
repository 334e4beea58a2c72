using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Speech;

internal static class SpeechRegistration
{
    public static void AddSpeech(this IHostApplicationBuilder builder) => builder.Services.AddStartupPhase<SpeechWarmup>();
}
