using System.Globalization;
using System.Text;
using System.Text.Json;
using Aspire.Dashboard.Otlp.Wire;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;

namespace Aspire.Dashboard.Otlp;

/// <summary>Turns the wire's values into bounded text, times and ids.</summary>
internal sealed class TelemetryText(TelemetryLimits limits)
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const ulong NanosecondsPerTick = 100;

    /// <summary>The last moment that has a <see cref="DateTimeOffset"/> with room for a duration after it.</summary>
    private static readonly ulong MaxTicks = (ulong)(new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks;

    public static DateTimeOffset Time(ulong unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(unixNanoseconds / NanosecondsPerTick, MaxTicks));

    /// <summary>The id in lower-case hexadecimal digits; null if it is none.</summary>
    public static string? TraceId(ByteString id) => Id(id, TraceIdBytes);

    /// <inheritdoc cref="TraceId"/>
    public static string? SpanId(ByteString id) => Id(id, SpanIdBytes);

    public string Cut(string text) => text.Length <= limits.MaxTextLength ? text : $"{text.AsSpan(0, CutAt(text))}…";

    /// <summary>Names come again and again: each is kept once.</summary>
    public string Name(string name) => Names.Shared(Cut(name));

    /// <summary>The attributes, as many as are kept.</summary>
    /// <param name="attributes">As received.</param>
    /// <param name="dropped">Grows by those left out.</param>
    /// <param name="bytes">Grows by what they need, about.</param>
    public KeyValuePair<string, string>[] Attributes(IList<KeyValue> attributes, ref int dropped, ref long bytes)
    {
        var kept = new KeyValuePair<string, string>[Math.Min(attributes.Count, limits.MaxAttributes)];
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = new(Name(attributes[i].Key), Value(attributes[i].Value));
            bytes += Size(kept[i].Value) + 16;
        }

        dropped += attributes.Count - kept.Length;
        return kept;
    }

    /// <summary>What a string needs in memory, in bytes.</summary>
    public static long Size(string text) => 24 + (2 * text.Length);

    public string Value(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => Cut(value.StringValue),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => Cut(Convert.ToBase64String(value.BytesValue.Span[..Math.Min(value.BytesValue.Length, limits.MaxTextLength)])),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => Cut(Json(value)),
        _ => "",
    };

    private int CutAt(string text) => char.IsHighSurrogate(text[limits.MaxTextLength - 1]) ? limits.MaxTextLength - 1 : limits.MaxTextLength;

    private static string? Id(ByteString id, int length) => id.Length == length && id.Span.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(id.Span) : null;

    private string Json(AnyValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)Math.Min(stream.Length, 4L * limits.MaxTextLength));
    }

    /// <summary>The reader of the wire has bounded how deep values are nested.</summary>
    private void Write(Utf8JsonWriter writer, AnyValue? value)
    {
        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.ArrayValue:
                writer.WriteStartArray();
                foreach (var item in value.ArrayValue.Values.Take(limits.MaxAttributes))
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                writer.WriteStartObject();
                foreach (var item in value.KvlistValue.Values.Take(limits.MaxAttributes))
                {
                    writer.WritePropertyName(Cut(item.Key));
                    Write(writer, item.Value);
                }

                writer.WriteEndObject();
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            default:
                writer.WriteStringValue(Value(value));
                break;
        }
    }

    private static class Names
    {
        private const int MaxNames = 4_096;
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

        public static string Shared(string name) =>
            Known.TryGetValue(name, out var known) ? known
            : Known.Count < MaxNames && name.Length <= 128 ? Known.GetOrAdd(name, name)
            : name;
    }
}
