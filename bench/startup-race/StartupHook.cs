using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using ProSaas.Bench.StartupRace;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Testing.Linked;
using ProSaas.Testing.Linked.Pending;

/// <summary>
/// Loaded into the worker and the API by <c>DOTNET_STARTUP_HOOKS</c>: both get <see cref="PendingMigrations"/>, in both arms. In the arm
/// without the gate it exchanges the gate's registration.
/// </summary>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
internal static class StartupHook
{
    public const string Variable = "STARTUP_RACE_GATE";
    public const string Off = "off";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is Off)
        {
            BuiltHost.Change(TakeGateOut);
        }

        if (PendingMigrations.AreAskedFor)
        {
            PendingMigrations.AddToProcess();
        }
    }

    private static void TakeGateOut(IServiceCollection services)
    {
        services.Remove(
            services.Single(service => service.ServiceType == typeof(StartupPhase) && service.ImplementationType?.Name is "SchemaGate"));
        services.AddStartupPhase<OpenFromTheStart>();
    }
}
