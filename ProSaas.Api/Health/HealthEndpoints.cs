using System.Text.Json.Serialization;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        var services = app.Services;
        var health = services.GetRequiredService<ServiceHealth>();
        var identity = services.GetRequiredService<ServiceIdentity>();
        var time = services.GetRequiredService<TimeProvider>();
        app.MapMethods("/api/health", OperationalResponse.Methods, () => GetHealth(health, identity, time)).AvailableBeforeReady();
        app.MapMethods("/readyz", OperationalResponse.Methods, GetReadinessAsync).AvailableBeforeReady();

        // Not from the wall clock, which may be set while the process runs.
        var started = time.GetTimestamp();
        app.MapMethods("/version", OperationalResponse.Methods, () => GetVersion(identity, time, started)).AvailableBeforeReady();
        app.MapStartup();
    }

    private static IResult GetHealth(ServiceHealth health, ServiceIdentity identity, TimeProvider time)
    {
        var status = health.Status;
        return OperationalResponse.Create(
            status is ServiceHealth.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            OperationalStatus.Of(status, identity, time));
    }

    private static async Task<IResult> GetReadinessAsync(
        ReadinessCheck check, ServiceIdentity identity, TimeProvider time, CancellationToken cancellationToken)
    {
        var dependencies = await check.RunAsync(cancellationToken);
        var isReady = !dependencies.AreDegraded;
        return OperationalResponse.Create(
            isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new ReadinessReport(isReady ? "ready" : "degraded", identity.Service, identity.Version, time.GetUtcNow(), dependencies),
            HealthJsonContext.Default.ReadinessReport);
    }

    private static IResult GetVersion(ServiceIdentity identity, TimeProvider time, long started) =>
        OperationalResponse.Create(
            StatusCodes.Status200OK,
            new VersionReport(
                identity.Service, identity.Version, identity.Commit, (long)time.GetElapsedTime(started).TotalSeconds, time.GetUtcNow()),
            HealthJsonContext.Default.VersionReport);
}

/// <summary>What <c>GET /readyz</c> answers.</summary>
internal sealed record ReadinessReport(
    string Status, string Service, string Version, DateTimeOffset Timestamp, ReadinessDependencies Dependencies)
    : OperationalStatus(Status, Service, Version, Timestamp);

/// <summary>Each dependency: <c>healthy</c>, <c>unhealthy</c> or <c>not configured</c>, which does not degrade.</summary>
internal sealed record ReadinessDependencies(string Database, [property: JsonPropertyName("baileys_service")] string BaileysService)
{
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
    public const string NotConfigured = "not configured";

    [JsonIgnore]
    public bool AreDegraded => Database is Unhealthy || BaileysService is Unhealthy;
}

/// <summary>What <c>GET /version</c> answers; the uptime in whole seconds.</summary>
internal sealed record VersionReport(string Service, string Version, string Commit, long Uptime, DateTimeOffset Timestamp);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadinessReport))]
[JsonSerializable(typeof(VersionReport))]
internal sealed partial class HealthJsonContext : JsonSerializerContext;
