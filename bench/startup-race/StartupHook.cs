using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProSaas.Bench.StartupRace;
using ProSaas.ServiceDefaults.Startup;

/// <summary>
/// Loaded into the API by <c>DOTNET_STARTUP_HOOKS</c> in both arms, so that both start alike. In the arm without the gate it exchanges the
/// gate's registration, and nothing else, right before the host is built.
/// </summary>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this name without a namespace.")]
internal sealed class StartupHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public const string Variable = "STARTUP_RACE_GATE";
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
            builder.ConfigureServices(TakeGateOut);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void TakeGateOut(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ServiceType == typeof(StartupPhase) && service.ImplementationType?.Name is "SchemaGate"));
        services.AddStartupPhase<OpenFromTheStart>();
    }
}
