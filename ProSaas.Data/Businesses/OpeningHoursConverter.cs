using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProSaas.Data.Businesses;

/// <summary>Opening hours as a JSON array: <c>[{"day":"sunday","opens":"09:00:00","closes":"18:00:00"}]</c>.</summary>
public sealed class OpeningHoursConverter()
    : ValueConverter<OpeningHours, string>(hours => ToJson(hours), json => FromJson(json))
{
    public static string ToJson(OpeningHours hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        return JsonSerializer.Serialize([.. hours.Periods], OpeningHoursJson.Default.OpeningPeriodArray);
    }

    public static OpeningHours FromJson(string json) =>
        new(() => JsonSerializer.Deserialize(json, OpeningHoursJson.Default.OpeningPeriodArray) ?? []);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(LowerCaseDay)])]
[JsonSerializable(typeof(OpeningPeriod[]))]
internal sealed partial class OpeningHoursJson : JsonSerializerContext;

internal sealed class LowerCaseDay() : JsonStringEnumConverter<DayOfWeek>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
