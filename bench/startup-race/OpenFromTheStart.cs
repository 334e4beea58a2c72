using System.Runtime.CompilerServices;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Bench.StartupRace;

/// <summary>Stands where the schema gate stands and asks for nothing.</summary>
internal sealed class OpenFromTheStart(SchemaGateState state) : StartupPhase
{
    public override string Name => "schema_gate";

    protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        Open(state);
        return Task.CompletedTask;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Open")]
    private static extern void Open(SchemaGateState state);
}
