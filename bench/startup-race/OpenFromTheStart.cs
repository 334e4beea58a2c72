using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Bench.StartupRace;

/// <summary>Stands where the schema gate stands and asks for nothing.</summary>
internal sealed class OpenFromTheStart(SchemaGateState state) : StartupPhase
{
    public override string Name => "schema_gate";

    protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        state.Open();
        return Task.CompletedTask;
    }
}
