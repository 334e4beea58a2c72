using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ProSaas.Api.Speech;

/// <summary>One answer with its span: from the order to the last byte sent.</summary>
internal sealed class Speaking(SpeechOrder order, SpeechTelemetry telemetry, TimeProvider time, ILogger logger)
{
    private const string ProviderHeader = "X-Speech-Provider";
    private const string FallbackHeader = "X-Speech-Fallback";

    private readonly Activity? _span = telemetry.Start(order);
    private readonly long _started = time.GetTimestamp();
    private SpeechPlan? _plan;
    private string? _cache;
    private long _bytes;

    /// <param name="reader">Null when the client has the audio already.</param>
    public IResult Begin(SpeechPlan plan, SpeechReader? reader, HttpResponse response)
    {
        _plan = plan;
        _cache = reader is null ? "client" : reader.IsHit ? "hit" : "miss";
        response.Headers.ETag = plan.EntityTag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers[ProviderHeader] = plan.Source.Name;
        if (plan.FallbackReason is { } reason)
        {
            response.Headers[FallbackHeader] = reason;
        }

        if (reader is null)
        {
            End(failure: null);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return new AudioResult(this, reader);
    }

    public ProblemHttpResult Fail(Exception failure, ProblemHttpResult problem)
    {
        End(failure);
        return problem;
    }

    public void End(Exception? failure)
    {
        telemetry.End(_span, _plan, _cache, _bytes, time.GetElapsedTime(_started), failure);
        _span?.Dispose();
    }

    private async Task SendAsync(SpeechReader reader, HttpContext http)
    {
        Exception? failure = null;
        try
        {
            http.Response.ContentType = SpeechFormats.ToContentType(order.Format);
            http.Response.ContentLength = reader.Length;
            _bytes = await reader.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (OperationCanceledException left) when (http.RequestAborted.IsCancellationRequested)
        {
            failure = left;
        }
        catch (Exception broken)
        {
            // Too late for another status: the client sees that this is not the whole.
            failure = broken;
            Log.BrokeOff(logger, (broken as SpeechFailedException)?.Reason ?? broken.GetType().Name, broken);
            http.Abort();
        }
        finally
        {
            reader.Dispose();
            End(failure);
        }
    }

    private sealed class AudioResult(Speaking speaking, SpeechReader reader) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => speaking.SendAsync(reader, httpContext);
    }
}
