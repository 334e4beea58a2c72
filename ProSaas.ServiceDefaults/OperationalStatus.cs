using System.Text.Json.Serialization;

namespace ProSaas.ServiceDefaults;

/// <summary>The body every operational endpoint shares.</summary>
/// <param name="Status">A word that scripts compare, for instance <c>ok</c>.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The release.</param>
/// <param name="Timestamp">When the answer was made, RFC 3339, UTC.</param>
public record OperationalStatus(
    [property: JsonPropertyOrder(-4)] string Status,
    [property: JsonPropertyOrder(-3)] string Service,
    [property: JsonPropertyOrder(-2)] string Version,
    [property: JsonPropertyOrder(-1)] DateTimeOffset Timestamp)
{
    /// <summary>Makes a body with the time of <paramref name="time"/>.</summary>
    public static OperationalStatus Of(string status, ServiceIdentity identity, TimeProvider time) =>
        new(status, identity.Service, identity.Version, time.GetUtcNow());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OperationalStatus))]
internal sealed partial class OperationalJsonContext : JsonSerializerContext;
