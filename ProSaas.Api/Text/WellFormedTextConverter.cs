using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProSaas.Api.Text;

/// <summary>
/// Reads a text that somebody wrote, whatever the program sent that passed it on: half surrogates (<c>"\ud83d"</c>) and bytes that are no
/// UTF-8 become U+FFFD, where the serializer would refuse the whole body. NUL stays, for the rules of the request to judge.
/// </summary>
internal sealed class WellFormedTextConverter : JsonConverter<string>
{
    /// <exception cref="JsonException">It is no string; the serializer says where.</exception>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw new JsonException();
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>The reader has looked at the escapes already: each is whole.</summary>
    private static string Unescape(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var index = 0; index < json.Length; index++)
        {
            if (json[index] is not '\\')
            {
                text.Append(json[index]);
                continue;
            }

            index++;
            text.Append(json[index] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(json.AsSpan(index + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            index += json[index] is 'u' ? 4 : 0;
        }

        return WellFormedText.ReplaceHalves(text.ToString());
    }
}
