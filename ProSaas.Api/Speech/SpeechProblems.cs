using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Http;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Api.Speech;

internal static class SpeechProblems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>As long as the circuit breaker leaves a provider alone.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(15);

    public static ProblemHttpResult NoProvider() => ProblemTypes.NoSpeechProvider.Because(
        $"No speech provider is configured. The operator can set {SpeechSettings.ProviderKey}: google with credentials in "
        + $"GOOGLE_APPLICATION_CREDENTIALS, or espeak with {EspeakSpeechProvider.Program} installed.");

    public static ProblemHttpResult Missing(string program) => ProblemTypes.SpeechFormatUnavailable.Because(
        $"The local voice needs {program} for this format or rate, and it is not installed. The operator can install it "
        + $"(on Debian: apt-get install {program}); wav and mulaw8k from rate 0.46 on do without.");

    public static ProblemHttpResult Failed(HttpResponse response, SpeechFailedException failure) =>
        failure.Kind is SpeechFailureKind.Refused
            ? ProblemTypes.SpeechRefused.Because($"It answered {failure.Reason}. Send other text or SSML, or another voice.")
            : ProblemTypes.SpeechUnavailable.Because(
                response,
                failure.Reason is SpeechFailedException.Busy ? Soon : Later,
                $"It is not available at the moment ({failure.Reason}). Try again later.");
}
