using System.Text.Json;
using System.Text.Json.Serialization;
using ProSaas.Api.Agents;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Health;

internal static class StartupEndpoints
{
    public static void MapStartup(this WebApplication app) =>
        app.MapMethods("/api/startup", OperationalResponse.Methods, Get).AvailableBeforeReady();

    private static IResult Get(
        StartupTimeline timeline, WarmupProgress warmup, SchemaGateState gate, ServiceIdentity identity, TimeProvider time)
    {
        var phases = timeline.Phases;
        var failure = gate.LastFailure is { } run ? new WorkerFailure(run.ErrorType, run.EndedAt) : null;
        var status = phases.Any(phase => phase.State is StartupPhaseState.Failed or StartupPhaseState.Overdue or StartupPhaseState.Retrying)
            ? "late"
            : phases.All(phase => phase.State is StartupPhaseState.Succeeded or StartupPhaseState.Skipped) ? "complete"
            : "starting";
        return OperationalResponse.Create(
            StatusCodes.Status200OK,
            new StartupReport(status, identity.Service, identity.Version, time.GetUtcNow(), phases, warmup.Current, failure),
            StartupJsonContext.Default.StartupReport);
    }
}

/// <summary>The timeline as <c>GET /api/startup</c> answers it.</summary>
internal sealed record StartupReport(
    string Status,
    string Service,
    string Version,
    DateTimeOffset Timestamp,
    IReadOnlyList<StartupPhaseSnapshot> Phases,
    WarmupCount Warmup,
    WorkerFailure? WorkerLastFailure) : OperationalStatus(Status, Service, Version, Timestamp);

/// <summary>The migration worker's last failure: the error's type, never its message.</summary>
internal sealed record WorkerFailure(string? ErrorType, DateTimeOffset? At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(PhaseStateConverter)])]
[JsonSerializable(typeof(StartupReport))]
internal sealed partial class StartupJsonContext : JsonSerializerContext;

internal sealed class PhaseStateConverter()
    : JsonStringEnumConverter<StartupPhaseState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
