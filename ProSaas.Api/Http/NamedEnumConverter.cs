using System.Text.Json;
using System.Text.Json.Serialization;
using ProSaas.Data;

namespace ProSaas.Api.Http;

/// <summary>Reads and writes an enumeration by its names, exactly as <see cref="EnumNames"/> has them.</summary>
internal sealed class NamedEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    /// <exception cref="EnumNameException">It is none of the names.</exception>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType is JsonTokenType.String ? EnumNames.Find<TEnum>(reader.GetString()) : null)
        ?? throw new EnumNameException(EnumNames.Fault<TEnum>());

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EnumNames.Of(value));
}

/// <summary>A member of a body has to be one of a few names and is none of them; the serializer adds the member's path.</summary>
/// <param name="fault">What is allowed.</param>
internal sealed class EnumNameException(string fault) : JsonException(fault);
