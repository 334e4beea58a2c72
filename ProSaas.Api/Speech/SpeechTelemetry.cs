using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ProSaas.Api.Speech;

/// <summary>The source and meter of speech.</summary>
internal sealed class SpeechTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "ProSaas.Speech";

    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _characters;
    private readonly Histogram<double> _duration;

    public SpeechTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _characters = meter.CreateCounter<long>("prosaas.speech.characters", "{character}", "Characters that a provider spoke for a business; what came from the cache is not among them.");
        _duration = meter.CreateHistogram(
            "prosaas.speech.duration",
            "s",
            "How long it took until all audio was sent or there was none.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
    }

    public void Dispose() => _source.Dispose();

    public Activity? Start(SpeechOrder order)
    {
        var span = _source.StartActivity("synthesize_speech");
        span?.SetTag("prosaas.business.id", order.BusinessId);
        span?.SetTag("prosaas.speech.characters", order.Content.Length);
        span?.SetTag("prosaas.speech.format", SpeechFormats.ToWord(order.Format));
        return span;
    }

    /// <param name="plan">Null when it did not come so far.</param>
    /// <param name="cache"><c>hit</c>, <c>miss</c>, or <c>client</c> when the client had the audio already; null when there was none.</param>
    public void End(Activity? span, SpeechPlan? plan, string? cache, long bytes, TimeSpan duration, Exception? failure)
    {
        var error = (failure as SpeechFailedException)?.Reason ?? failure?.GetType().Name;
        span?.SetTag("prosaas.speech.provider", plan?.Source.Name);
        span?.SetTag("prosaas.speech.voice", plan?.Voice);
        span?.SetTag("prosaas.speech.cache", cache);
        span?.SetTag("prosaas.speech.bytes", bytes);
        span?.SetTag("prosaas.speech.fallback.reason", plan?.FallbackReason);
        if (error is not null)
        {
            span?.SetTag("error.type", error);
            span?.SetStatus(ActivityStatusCode.Error);
        }

        _duration.Record(
            duration.TotalSeconds,
            new TagList
            {
                { "prosaas.speech.provider", plan?.Source.Name },
                { "prosaas.speech.cache", cache },
                { "prosaas.speech.fallback", plan?.FallbackReason is not null },
                { "error.type", error },
            });
    }

    public void CountCharacters(SpeechPlan plan, int characters)
        => _characters.Add(characters, new KeyValuePair<string, object?>("prosaas.business.id", plan.Order.BusinessId), new("prosaas.speech.provider", plan.Source.Name));
}
