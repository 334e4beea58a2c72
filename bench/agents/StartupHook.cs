using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using ProSaas.ServiceDefaults.Startup;

/// <summary>
/// Loaded into the API by <c>DOTNET_STARTUP_HOOKS</c> in both arms, so that both start alike. In the arm without the warmup it
/// takes out the warmup's registration, and nothing else, right before the host is built.
/// </summary>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
internal sealed class StartupHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public const string Variable = "AGENTS_BENCH_WARMUP";
    public const string Off = "off";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is Off)
        {
            DiagnosticListener.AllListeners.Subscribe(new StartupHook());
        }
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name is "Microsoft.Extensions.Hosting")
        {
            value.Subscribe(this);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
        {
            builder.ConfigureServices(services => services.Remove(
                services.Single(service => service.ServiceType == typeof(StartupPhase) && service.ImplementationType?.Name is "AgentWarmup")));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
