using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.Data;

namespace ProSaas.Api.Speech;

/// <summary>The source and meter of speech.</summary>
internal sealed class SpeechTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "ProSaas.Speech";

    private readonly ActivitySource _source = new(Name);
    private readonly TimeProvider _time;
    private readonly Counter<long> _characters;
    private readonly Histogram<double> _duration;

    public SpeechTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Name);
        _characters = meter.CreateCounter<long>(
            "prosaas.speech.characters",
            "{character}",
            "Characters that a provider spoke for a business; what came from the cache is not among them.");
        _duration = meter.CreateHistogram(
            "prosaas.speech.duration",
            "s",
            "How long it took until all audio was sent or there was none.",
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            });
    }

    public void Dispose() => _source.Dispose();

    /// <summary>Begins the measurement of one request.</summary>
    public SpeechMeasurement Start(SynthesisRequest request)
    {
        var span = _source.StartActivity("synthesize_speech");
        span?.SetTag("prosaas.business.id", request.BusinessId);
        span?.SetTag("prosaas.speech.characters", request.Content.Length);
        span?.SetTag("prosaas.speech.format", EnumNames.Of(request.Format));
        return new SpeechMeasurement(span, _duration, _time);
    }

    public void CountCharacters(ProviderRequest request, int characters) => _characters.Add(
        characters,
        new KeyValuePair<string, object?>("prosaas.business.id", request.Request.BusinessId),
        new("prosaas.speech.provider", request.Provider.Name));
}
