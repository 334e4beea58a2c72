using ProSaas.Api.Startup;

namespace ProSaas.Api.Health;

/// <summary>The state that <c>/api/health</c> tells, without asking anybody.</summary>
internal sealed class ServiceHealth(SchemaGateState gate, DatabaseProbe probe, IHostApplicationLifetime lifetime)
{
    public const string Ok = "ok";

    public string Status =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
            : !gate.IsOpen ? "initializing"
            : !probe.IsAnswering ? "unhealthy"
            : Ok;
}
