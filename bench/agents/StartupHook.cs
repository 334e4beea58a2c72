using System.Diagnostics.CodeAnalysis;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Testing.Linked;

/// <summary>
/// Loaded into the API by <c>DOTNET_STARTUP_HOOKS</c> in both arms, so that both start alike. In the arm without the warmup it
/// takes out the warmup's registration.
/// </summary>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
internal static class StartupHook
{
    public const string Variable = "AGENTS_BENCH_WARMUP";
    public const string Off = "off";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is Off)
        {
            BuiltHost.Change(services => services.Remove(
                services.Single(service =>
                    service.ServiceType == typeof(StartupPhase) && service.ImplementationType?.Name is "AgentWarmup")));
        }
    }
}
