using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Synthesis;

namespace ProSaas.Api.Speech;

/// <summary>The span and the duration of one request, from its arrival to the last byte sent.</summary>
internal sealed class SpeechMeasurement(Activity? span, Histogram<double> duration, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Null when it did not come so far.</summary>
    public ProviderRequest? Request { get; set; }

    /// <summary><c>hit</c>, <c>miss</c>, or <c>client</c> when the client had the audio already; null when there was none.</summary>
    public string? Cache { get; set; }

    /// <summary>Of audio, sent.</summary>
    public long Bytes { get; set; }

    public void End(Exception? failure)
    {
        var error = (failure as SpeechFailedException)?.Reason ?? failure?.GetType().Name;
        span?.SetTag("prosaas.speech.provider", Request?.Provider.Name);
        span?.SetTag("prosaas.speech.voice", Request?.Voice);
        span?.SetTag("prosaas.speech.cache", Cache);
        span?.SetTag("prosaas.speech.bytes", Bytes);
        span?.SetTag("prosaas.speech.fallback.reason", Request?.FallbackReason);
        if (error is not null)
        {
            span?.SetTag("error.type", error);
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.Dispose();
        duration.Record(
            time.GetElapsedTime(_started).TotalSeconds,
            new TagList
            {
                { "prosaas.speech.provider", Request?.Provider.Name },
                { "prosaas.speech.cache", Cache },
                { "prosaas.speech.fallback", Request?.FallbackReason is not null },
                { "error.type", error },
            });
    }
}
