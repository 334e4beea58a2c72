using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Requests;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Speech;

internal static class SpeechProblems
{
    private const int SoonSeconds = 2;

    /// <summary>As long as the circuit breaker leaves a provider alone.</summary>
    private const int LaterSeconds = 15;

    public static ProblemHttpResult NoBusiness() => Problem.Of(
        StatusCodes.Status404NotFound, "not-found", "Not found", "There is no such business, or it is not yours to see.");

    public static ProblemHttpResult Invalid(FieldErrors errors)
    {
        var problem = Problem.Details(StatusCodes.Status422UnprocessableEntity, "validation", "This cannot be spoken", "See the errors of each field.");
        problem.Extensions["errors"] = errors.All;
        return TypedResults.Problem(problem);
    }

    public static ProblemHttpResult Invalid(UnknownVoiceException unknown)
    {
        var errors = new FieldErrors();
        errors.Add(unknown.Member, unknown.Message);
        return Invalid(errors);
    }

    public static ProblemHttpResult NoProvider() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        "no-speech-provider",
        "Nobody can speak",
        $"No speech provider is configured. The operator can set {SpeechSettings.ProviderKey}: google with credentials in GOOGLE_APPLICATION_CREDENTIALS, or espeak with {EspeakSpeechProvider.Program} installed.");

    public static ProblemHttpResult Missing(string program) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        "speech-format-unavailable",
        "This cannot be made here",
        $"The local voice needs {program} for this format or rate, and it is not installed. The operator can install it (on Debian: apt-get install {program}); wav and mulaw8k from rate 0.46 on do without.");

    public static ProblemHttpResult QuotaSpent(HttpResponse response, SpeechQuotaSpentException spent, int dailyCharacters) => Later(
        response,
        (int)Math.Ceiling(spent.RetryAfter.TotalSeconds),
        StatusCodes.Status429TooManyRequests,
        "speech-quota-spent",
        "The day's speech is spent",
        string.Create(CultureInfo.InvariantCulture, $"A business may have {dailyCharacters} characters spoken a day, and this is more than today has left. Come again after midnight, or send less."));

    public static ProblemHttpResult Failed(HttpResponse response, SpeechFailedException failure) => failure.Kind is SpeechFailureKind.Refused
        ? Problem.Of(StatusCodes.Status422UnprocessableEntity, "speech-refused", "The provider does not speak this", $"It answered {failure.Reason}. Send other text or SSML, or another voice.")
        : Later(
            response,
            failure.Reason is SpeechFailedException.Busy ? SoonSeconds : LaterSeconds,
            StatusCodes.Status503ServiceUnavailable,
            "speech-unavailable",
            "The provider gave no audio",
            $"It is not available at the moment ({failure.Reason}). Try again later.");

    private static ProblemHttpResult Later(HttpResponse response, int seconds, int status, string type, string title, string detail)
    {
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problem.Of(status, type, title, detail);
    }
}
