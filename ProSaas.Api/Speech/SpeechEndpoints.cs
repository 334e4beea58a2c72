using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts;
using ProSaas.Api.Businesses;
using ProSaas.Api.Requests;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.Data;

namespace ProSaas.Api.Speech;

internal static class SpeechEndpoints
{
    public static void MapSpeech(this WebApplication app)
    {
        app.MapPost("/api/businesses/{businessId:long:min(1)}/speech", SpeakAsync).WithTags("Speech").RequireBusinessMember()
            .WithSummary("Speaks a text with the business's voice")
            .WithDescription("Audio as it is made. The ETag is that of the content: with If-None-Match, what the client has already is not made or sent again (304). X-Speech-Provider says who spoke, X-Speech-Fallback why it was the local voice.")
            .Produces<Stream>(StatusCodes.Status200OK, SpeechFormats.Mp3Type, SpeechFormats.OggOpusType, SpeechFormats.WavType, SpeechFormats.MuLawType)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
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
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithExample(StatusCodes.Status200OK, new VoicesResponse("espeak", [new("he", ["he"], "male")]));
    }

    private static async Task<IResult> SpeakAsync(
        long businessId,
        SpeechRequest body,
        [FromHeader(Name = "If-None-Match")] string? known,
        HttpContext http,
        UnitOfWork unit,
        SpeechProviders providers,
        SpeechSynthesizer synthesizer,
        SpeechTelemetry telemetry,
        IOptions<SpeechOptions> options,
        TimeProvider time,
        ILogger<SpeechSynthesizer> logger,
        CancellationToken cancellationToken)
    {
        if (body.Read(businessId, options.Value.MaxCharacters, out var asked) is { Any: true } errors)
        {
            return SpeechProblems.Invalid(errors);
        }

        if (providers.Primary is not { } primary)
        {
            return SpeechProblems.NoProvider();
        }

        if (await CompleteAsync(asked, body, unit, cancellationToken) is not { } request)
        {
            return SpeechProblems.NoBusiness();
        }

        if (primary.MissingFor(request.Format, request.Rate) is { } missing)
        {
            return SpeechProblems.Missing(missing);
        }

        var measurement = telemetry.Start(request);
        try
        {
            var (fulfilled, audio) = await synthesizer.SynthesizeAsync(request, key => Names(known, $"\"{key}\""), cancellationToken);
            return new SpeechResult(fulfilled, audio, measurement, logger);
        }
        catch (UnknownVoiceException unknown)
        {
            measurement.End(unknown);
            return SpeechProblems.Invalid(unknown);
        }
        catch (SpeechQuotaSpentException spent)
        {
            measurement.End(spent);
            return SpeechProblems.QuotaSpent(http.Response, spent, options.Value.DailyCharacters);
        }
        catch (SpeechFailedException failure)
        {
            Log.NobodySpoke(logger, failure.Reason, failure);
            measurement.End(failure);
            return SpeechProblems.Failed(http.Response, failure);
        }
        catch (Exception failure)
        {
            measurement.End(failure);
            throw;
        }
    }

    /// <summary>With what the business says where the request says nothing; null when there is no such business.</summary>
    private static async Task<SynthesisRequest?> CompleteAsync(SynthesisRequest asked, SpeechRequest body, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var business = await unit.BatchForBusinessAsync<(string Language, string? Voice, double Rate)?>(
            asked.BusinessId,
            batch => batch.BatchCommands.Add(BatchStatement.Of("SELECT language, voice_name, speaking_rate FROM businesses WHERE id = $1", asked.BusinessId)),
            async (rows, token) => await rows.ReadAsync(token)
                ? (rows.GetString(0), await rows.IsDBNullAsync(1, token) ? null : rows.GetString(1), rows.GetDouble(2))
                : null,
            cancellationToken);
        if (business is not { } its)
        {
            return null;
        }

        // The business's voice does not speak another language.
        var isItsLanguage = asked.Language.Length is 0 || SpeechVoice.Primary(asked.Language).Equals(SpeechVoice.Primary(its.Language), StringComparison.OrdinalIgnoreCase);
        return asked with
        {
            Language = asked.Language.Length is 0 ? its.Language : asked.Language,
            PreferredVoice = isItsLanguage ? its.Voice : null,
            Rate = body.Rate ?? its.Rate,
        };
    }

    private static async Task<Results<Ok<VoicesResponse>, ProblemHttpResult>> ListVoicesAsync(
        [FromQuery, Description("BCP 47 tag; voices of all its regions are listed.")] string? language, SpeechProviders providers, HttpResponse response, CancellationToken cancellationToken)
    {
        if (providers.Primary is not { } primary)
        {
            return SpeechProblems.NoProvider();
        }

        try
        {
            var voices = await primary.VoicesAsync(cancellationToken);
            return TypedResults.Ok(new VoicesResponse(
                primary.Name,
                [.. voices.Where(voice => string.IsNullOrWhiteSpace(language) || voice.Speaks(language.Trim())).Select(voice => new VoiceResponse(voice.Name, voice.Languages, voice.Gender))]));
        }
        catch (SpeechFailedException failure)
        {
            return SpeechProblems.Failed(response, failure);
        }
    }

    private static bool Names(string? tags, string current)
        => tags?.Split(',').Select(tag => tag.Trim()).Any(tag => tag == current || tag == $"W/{current}") is true;
}
