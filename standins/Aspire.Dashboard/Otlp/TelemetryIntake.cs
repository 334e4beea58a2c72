using System.Buffers;
using Aspire.Dashboard.Otlp.Wire;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads what is exported and gives it to the store. What cannot be kept is counted and told to the sender.</summary>
internal sealed class TelemetryIntake(TelemetryStore store, TimeProvider time)
{
    private const string UnknownService = "unknown_service";
    private const long SpanBytes = 400;
    private const long LogBytes = 240;
    private const int MaxShortText = 256;

    private readonly TelemetryText _text = new(store.Limits);
    private readonly TelemetryText _metricText = new(store.Limits with { MaxTextLength = MaxShortText, MaxAttributes = 16 });
    private readonly TelemetryText _resourceText = new(store.Limits with { MaxTextLength = MaxShortText, MaxAttributes = 64 });

    /// <summary>Takes spans.</summary>
    /// <exception cref="InvalidProtocolBufferException">The message is not what it should be.</exception>
    public ExportResponse AddSpans(ReadOnlySequence<byte> message)
    {
        var rejected = 0;
        foreach (var from in ExportTraceServiceRequest.Parser.ParseFrom(message).ResourceSpans)
        {
            var (resource, attributes) = Sender(from.Resource);
            var spans = new List<SpanRecord>();
            foreach (var scope in from.ScopeSpans)
            {
                var name = ScopeName(scope.Scope);
                foreach (var span in scope.Spans)
                {
                    if (Read(span, resource, name) is { } record)
                    {
                        spans.Add(record);
                    }
                    else
                    {
                        rejected++;
                    }
                }
            }

            store.AddSpans(resource, attributes, spans);
        }

        return Answer(rejected, "spans without a valid trace id or span id");
    }

    /// <summary>Takes log records.</summary>
    /// <inheritdoc cref="AddSpans"/>
    public ExportResponse AddLogs(ReadOnlySequence<byte> message)
    {
        foreach (var from in ExportLogsServiceRequest.Parser.ParseFrom(message).ResourceLogs)
        {
            var (resource, attributes) = Sender(from.Resource);
            var entries = new List<LogEntry>();
            foreach (var scope in from.ScopeLogs)
            {
                var name = ScopeName(scope.Scope);
                entries.AddRange(scope.LogRecords.Select(record => Read(record, resource, name)));
            }

            store.AddLogs(resource, attributes, entries);
        }

        return new ExportResponse();
    }

    /// <summary>Takes metrics, of which only the latest values are kept.</summary>
    /// <inheritdoc cref="AddSpans"/>
    public ExportResponse AddMetrics(ReadOnlySequence<byte> message)
    {
        foreach (var from in ExportMetricsServiceRequest.Parser.ParseFrom(message).ResourceMetrics)
        {
            var (resource, attributes) = Sender(from.Resource);
            var values = new List<MetricValue>();
            foreach (var scope in from.ScopeMetrics)
            {
                var name = ScopeName(scope.Scope);
                values.AddRange(scope.Metrics.SelectMany(metric => Read(metric, name)));
            }

            store.AddMetrics(resource, attributes, values);
        }

        return new ExportResponse();
    }

    private static ExportResponse Answer(int rejected, string what) => rejected == 0
        ? new ExportResponse()
        : new ExportResponse { PartialSuccess = new() { Rejected = rejected, ErrorMessage = $"{rejected} {what} were not kept." } };

    private (TelemetryResource Resource, KeyValuePair<string, string>[] Attributes) Sender(Wire.Resource? resource)
    {
        var dropped = 0;
        var bytes = 0L;
        var attributes = _resourceText.Attributes(resource?.Attributes ?? [], ref dropped, ref bytes);
        return (new(Of("service.name") is { Length: > 0 } name ? name : UnknownService, Of("service.instance.id") ?? ""), attributes);

        string? Of(string key) => attributes.FirstOrDefault(attribute => attribute.Key == key).Value;
    }

    private string ScopeName(InstrumentationScope? scope) => _text.Name(scope?.Name ?? "");

    private SpanRecord? Read(Span span, TelemetryResource resource, string scope)
    {
        if (TelemetryText.TraceId(span.TraceId) is not { } traceId || TelemetryText.SpanId(span.SpanId) is not { } spanId)
        {
            return null;
        }

        var dropped = (int)Math.Min(span.DroppedAttributesCount, int.MaxValue / 4) + (int)Math.Min(span.DroppedEventsCount, int.MaxValue / 4) + (int)Math.Min(span.DroppedLinksCount, int.MaxValue / 4);
        var name = _text.Name(span.Name);
        var status = span.Status is null ? null : _text.Cut(span.Status.Message);
        var bytes = SpanBytes + TelemetryText.Size(name) + TelemetryText.Size(status ?? "");
        var start = TelemetryText.Time(span.StartTimeUnixNano);
        var end = TelemetryText.Time(span.EndTimeUnixNano);
        var attributes = _text.Attributes(span.Attributes, ref dropped, ref bytes);
        return new SpanRecord
        {
            Resource = resource,
            Scope = scope,
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = TelemetryText.SpanId(span.ParentSpanId),
            Name = name,
            Kind = span.Kind switch { 2 => SpanKind.Server, 3 => SpanKind.Client, 4 => SpanKind.Producer, 5 => SpanKind.Consumer, _ => SpanKind.Internal },
            Start = start,
            Duration = end > start ? end - start : TimeSpan.Zero,
            Status = span.Status?.Code switch { 1 => SpanStatus.Ok, 2 => SpanStatus.Error, _ => SpanStatus.Unset },
            StatusMessage = string.IsNullOrEmpty(status) ? null : status,
            Attributes = attributes,
            Events = Events(span, ref dropped, ref bytes),
            Links = Links(span, ref dropped, ref bytes),
            Dropped = dropped,
            Bytes = bytes,
        };
    }

    private SpanEvent[] Events(Span span, ref int dropped, ref long bytes)
    {
        var events = new SpanEvent[Math.Min(span.Events.Count, store.Limits.MaxEvents)];
        for (var i = 0; i < events.Length; i++)
        {
            var from = span.Events[i];
            events[i] = new(TelemetryText.Time(from.TimeUnixNano), _text.Cut(from.Name), _text.Attributes(from.Attributes, ref dropped, ref bytes));
            bytes += 80 + TelemetryText.Size(events[i].Name);
        }

        dropped += span.Events.Count - events.Length;
        return events;
    }

    private SpanLink[] Links(Span span, ref int dropped, ref long bytes)
    {
        var links = new List<SpanLink>();
        foreach (var from in span.Links)
        {
            if (links.Count < store.Limits.MaxEvents && TelemetryText.TraceId(from.TraceId) is { } traceId && TelemetryText.SpanId(from.SpanId) is { } spanId)
            {
                links.Add(new(traceId, spanId, _text.Attributes(from.Attributes, ref dropped, ref bytes)));
                bytes += 240;
            }
            else
            {
                dropped++;
            }
        }

        return [.. links];
    }

    private LogEntry Read(LogRecord record, TelemetryResource resource, string scope)
    {
        var dropped = (int)Math.Min(record.DroppedAttributesCount, int.MaxValue / 2);
        var message = _text.Value(record.Body);
        var bytes = LogBytes + TelemetryText.Size(message);
        var attributes = _text.Attributes(record.Attributes, ref dropped, ref bytes);
        var nanoseconds = record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano;
        return new LogEntry
        {
            Resource = resource,
            Scope = scope,
            Time = nanoseconds == 0 ? time.GetUtcNow() : TelemetryText.Time(nanoseconds),
            Level = Level(record.SeverityNumber),
            Message = message.Length > 0 ? message : _text.Cut(record.EventName),
            TraceId = TelemetryText.TraceId(record.TraceId),
            SpanId = TelemetryText.SpanId(record.SpanId),
            Attributes = attributes,
            Dropped = dropped,
            Bytes = bytes,
        };
    }

    private static LogLevel Level(int severity) => severity switch
    {
        <= 0 => LogLevel.Information,
        <= 4 => LogLevel.Trace,
        <= 8 => LogLevel.Debug,
        <= 12 => LogLevel.Information,
        <= 16 => LogLevel.Warning,
        <= 20 => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    private IEnumerable<MetricValue> Read(Metric metric, string scope)
    {
        return metric.DataCase switch
        {
            Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Select(Number),
            Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Select(Number),
            Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Select(point => Of(point.Attributes, point.TimeUnixNano, point.Sum, point.Count)),
            Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Select(point => Of(point.Attributes, point.TimeUnixNano, point.Sum, point.Count)),
            Metric.DataOneofCase.Summary => metric.Summary.DataPoints.Select(point => Of(point.Attributes, point.TimeUnixNano, point.Sum, point.Count)),
            _ => [],
        };

        MetricValue Number(NumberDataPoint point) =>
            Of(point.Attributes, point.TimeUnixNano, point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble, count: null);

        MetricValue Of(IList<KeyValue> attributes, ulong nanoseconds, double value, ulong? count)
        {
            var dropped = 0;
            var bytes = 0L;
            return new(
                _metricText.Cut(scope), _metricText.Cut(metric.Name), _metricText.Cut(metric.Unit), _metricText.Cut(metric.Description),
                _metricText.Attributes(attributes, ref dropped, ref bytes), TelemetryText.Time(nanoseconds), value, count);
        }
    }
}
