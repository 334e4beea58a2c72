using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Accounts;
using ProSaas.Api.Budgets;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.Api.Speech.Text;
using ProSaas.Data;

namespace ProSaas.Api.Speech;

internal static class SpeechEndpoints
{
    public static void MapSpeech(this WebApplication app)
    {
        app.MapPost("/api/businesses/{businessId:long:min(1)}/speech", SpeakAsync).WithTags("Speech").RequireBusinessMember()
            .WithValidation<SpeechRequest>()
            .WithBudget(RequestKind.Speech)
            .WithSummary("Synthesizes a text with the business's voice")
            .WithDescription(
                "Audio as it is synthesized. The ETag is that of the content: with If-None-Match, what the client has already is not "
                + "synthesized or sent again (304). X-Speech-Provider names the provider that spoke, X-Speech-Fallback the reason why it "
                + "was the local voice.")
            .Produces<Stream>(
                StatusCodes.Status200OK, SpeechMediaTypes.Mp3, SpeechMediaTypes.OggOpus, SpeechMediaTypes.Wav, SpeechMediaTypes.MuLaw)
            .Produces(StatusCodes.Status304NotModified)
            .WithProblems(
                ProblemTypes.NotAuthenticated,
                ProblemTypes.NotFound,
                ProblemTypes.BodyTooLarge,
                ProblemTypes.SpeechRefused,
                ProblemTypes.SpeechQuotaSpent,
                ProblemTypes.NoSpeechProvider,
                ProblemTypes.SpeechFormatUnavailable,
                ProblemTypes.SpeechUnavailable)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                if (operation.RequestBody?.Content?.TryGetValue("application/json", out var request) is true)
                {
                    request.Example = JsonNode.Parse("""{ "text": "שלום, הגעתם למרפאה. אנחנו פתוחים עד שש.", "format": "wav" }""");
                }

                return Task.CompletedTask;
            });
        app.MapGet("/api/speech/voices", ListVoicesAsync).WithTags("Speech").RequireAccount()
            .WithSummary("The voices of the provider, or of one language")
            .WithProblems(ProblemTypes.NotAuthenticated, ProblemTypes.NoSpeechProvider, ProblemTypes.SpeechUnavailable)
            .WithExample(StatusCodes.Status200OK, new VoicesResponse("espeak", [new("he", ["he"], "male")]));
    }

    private static async Task<IResult> SpeakAsync(
        long businessId,
        SpeechRequest body,
        [FromHeader(Name = "If-None-Match")] string? known,
        HttpResponse response,
        UnitOfWork unit,
        SpeechProviders providers,
        SpeechSynthesizer synthesizer,
        SpeechTelemetry telemetry,
        ILogger<SpeechSynthesizer> logger,
        CancellationToken cancellationToken)
    {
        if (providers.Primary is not { } primary)
        {
            return SpeechProblems.NoProvider();
        }

        if (await CompleteAsync(businessId, body, unit, cancellationToken) is not { } request)
        {
            return Problems.NotFound("business");
        }

        if (primary.MissingFor(request.Format, request.Rate) is { } missing)
        {
            return SpeechProblems.Missing(missing);
        }

        var measurement = telemetry.Start(request);
        try
        {
            var (own, audio) = await synthesizer.SynthesizeAsync(
                request, key => EntityTag.IsNamedBy(known, SpeechResult.EntityTag(key)), cancellationToken);
            return new SpeechResult(own, audio, measurement, logger);
        }
        catch (Exception failure)
        {
            measurement.End(failure);
            switch (failure)
            {
                case UnknownVoiceException unknown:
                    return Problems.Invalid(unknown.Member, unknown.Message);
                case SpeechQuotaSpentException spent:
                    return ProblemTypes.SpeechQuotaSpent.Because(response, spent.RetryAfter, spent.Message);
                case SpeechFailedException failed:
                    Log.NobodySpoke(logger, failed.Reason, failed);
                    return SpeechProblems.Failed(response, failed);
                default:
                    throw;
            }
        }
    }

    /// <summary>With what the business says where the request says nothing; null when there is no such business.</summary>
    private static async Task<SynthesisRequest?> CompleteAsync(
        long businessId, SpeechRequest body, UnitOfWork unit, CancellationToken cancellationToken)
    {
        const string Defaults = "SELECT language, voice_name, speaking_rate FROM businesses WHERE id = $1";
        var business = await unit.BatchForBusinessAsync<(string Language, string? Voice, double Rate)?>(
            businessId,
            batch => batch.BatchCommands.Add(BatchStatement.Of(Defaults, businessId)),
            async (rows, token) => await rows.ReadAsync(token)
                ? (rows.GetString(0), await rows.IsDBNullAsync(1, token) ? null : rows.GetString(1), rows.GetDouble(2))
                : null,
            cancellationToken,
            readsOnly: true);
        if (business is not { } own)
        {
            return null;
        }

        // The business's voice does not speak another language.
        var language = body.Language.TrimToNull() ?? own.Language;
        var isOwnLanguage = SpeechVoice.Primary(language).Equals(SpeechVoice.Primary(own.Language), StringComparison.OrdinalIgnoreCase);
        var content = (body.Ssml ?? body.Text)!.Trim();
        return new SynthesisRequest(
            businessId,
            content,
            body.Ssml is null ? TextSegmenter.Split(content)! : [content],
            IsSsml: body.Ssml is not null,
            body.Format ?? SpeechFormat.Mp3,
            body.Rate ?? own.Rate,
            body.Voice.TrimToNull(),
            isOwnLanguage ? own.Voice : null,
            language);
    }

    private static async Task<Results<Ok<VoicesResponse>, ProblemHttpResult>> ListVoicesAsync(
        [FromQuery, Description("BCP 47 tag; voices of all its regions are listed.")] string? language,
        SpeechProviders providers,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (providers.Primary is not { } primary)
        {
            return SpeechProblems.NoProvider();
        }

        try
        {
            var voices = await primary.VoicesAsync(cancellationToken);
            return TypedResults.Ok(new VoicesResponse(
                primary.Name, language.TrimToNull() is { } wanted ? [.. voices.Where(voice => voice.Speaks(wanted))] : voices));
        }
        catch (SpeechFailedException failure)
        {
            return SpeechProblems.Failed(response, failure);
        }
    }
}
