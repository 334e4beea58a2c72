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
            : failure.Reason is SpeechFailedException.Busy ? ProblemTypes.SpeechUnavailable.Because(
                response,
                Soon,
                "All places for speech, or the business's half of them, are taken, and as many wait as may. Send less at once (busy).")
            : failure.Reason is SpeechFailedException.NoSpace ? ProblemTypes.SpeechUnavailable.Because(
                response,
                Later,
                "There is no room for so much audio at the moment. Try again later, or send less at once (no_space). "
                + "The operator can give temporary files more room.")
            : ProblemTypes.SpeechUnavailable.Because(
                response, Later, $"It is not available at the moment ({failure.Reason}). Try again later.");
}
