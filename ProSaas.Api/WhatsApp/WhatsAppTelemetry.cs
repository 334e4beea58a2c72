using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ProSaas.Api.WhatsApp;

/// <summary>The source and meter of the channel. Nothing of what customers say, nor who they are.</summary>
internal sealed class WhatsAppTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "ProSaas.WhatsApp";

    private readonly ActivitySource _source = new(Name);
    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;

    public WhatsAppTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _duration = meters.Create(Name).CreateHistogram(
            "prosaas.whatsapp.reply.duration",
            "s",
            "From a customer's message in the database to its reply delivered.",
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600]
            });
    }

    public Activity? Start(Delivery delivery)
    {
        var span = _source.StartActivity("whatsapp.reply", ActivityKind.Consumer, parentContext: default);
        span?.SetTag("prosaas.business.id", delivery.BusinessId);
        span?.SetTag("prosaas.whatsapp.attempt", delivery.Attempts + 1);
        return span;
    }

    public void End(Activity? span, Delivery delivery, string? outcome)
    {
        span?.SetTag("prosaas.whatsapp.outcome", outcome ?? "later");
        span?.Dispose();
        if (outcome is not null)
        {
            _duration.Record((_time.GetUtcNow() - delivery.ReceivedAt).TotalSeconds,
                new KeyValuePair<string, object?>("prosaas.whatsapp.outcome", outcome));
        }
    }

    public void Dispose() => _source.Dispose();
}
