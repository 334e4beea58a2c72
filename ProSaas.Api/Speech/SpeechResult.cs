using ProSaas.Api.Speech.Cache;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Synthesis;

namespace ProSaas.Api.Speech;

/// <summary>Sends audio as it is synthesized.</summary>
/// <param name="audio">Null when the client has it already.</param>
internal sealed class SpeechResult(
    ProviderRequest request, SpeechAudioReader? audio, SpeechMeasurement measurement, ILogger logger) : IResult
{
    private const string ProviderHeader = "X-Speech-Provider";
    private const string FallbackHeader = "X-Speech-Fallback";

    /// <summary>A strong entity tag, by RFC 9110.</summary>
    public static string EntityTag(string key) => $"\"{key}\"";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = EntityTag(request.Key);
        response.Headers.CacheControl = "private, no-cache";
        response.Headers[ProviderHeader] = request.Provider.Name;
        if (request.FallbackReason is { } reason)
        {
            response.Headers[FallbackHeader] = reason;
        }

        measurement.Request = request;
        if (audio is null)
        {
            measurement.Cache = "client";
            measurement.End(failure: null);
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        measurement.Cache = audio.IsHit ? "hit" : "miss";
        measurement.End(await SendAsync(audio, httpContext));
    }

    private async Task<Exception?> SendAsync(SpeechAudioReader reader, HttpContext context)
    {
        await using var _ = reader;
        try
        {
            context.Response.ContentType = SpeechMediaTypes.Of(request.Request.Format);
            context.Response.ContentLength = reader.Length;
            measurement.Bytes = await reader.CopyToAsync(context.Response.Body, context.RequestAborted);
            return null;
        }
        catch (OperationCanceledException left) when (context.RequestAborted.IsCancellationRequested)
        {
            return left;
        }
        catch (Exception broken)
        {
            // Too late for another status: the client sees that this is not the whole.
            Log.BrokeOff(logger, (broken as SpeechFailedException)?.Reason ?? broken.GetType().Name, broken);
            context.Abort();
            return broken;
        }
    }
}
