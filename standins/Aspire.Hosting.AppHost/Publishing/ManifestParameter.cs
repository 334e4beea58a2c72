using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes a parameter, and where its value comes from when nobody gives one, to a manifest.</summary>
internal static class ManifestParameter
{
    public static void Write(Utf8JsonWriter json, ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret)
        {
            json.WriteBoolean("secret", true);
        }

        WriteDefault(json, parameter.Default);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDefault(Utf8JsonWriter json, ParameterDefault? value)
    {
        switch (value)
        {
            case ConstantParameterDefault { Published: true } constant:
                json.WriteStartObject("default");
                json.WriteString("value", constant.GetDefaultValue());
                json.WriteEndObject();
                break;
            case GenerateParameterDefault generate:
                json.WriteStartObject("default");
                json.WriteStartObject("generate");
                json.WriteNumber("minLength", generate.MinLength);
                WriteIfFalse(json, "lower", generate.Lower);
                WriteIfFalse(json, "upper", generate.Upper);
                WriteIfFalse(json, "numeric", generate.Numeric);
                WriteIfFalse(json, "special", generate.Special);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteIfFalse(Utf8JsonWriter json, string name, bool value)
    {
        if (!value)
        {
            json.WriteBoolean(name, value);
        }
    }
}
