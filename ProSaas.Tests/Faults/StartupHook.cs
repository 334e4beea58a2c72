using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ProSaas.Tests.Faults;
using ProSaas.Tests.Migrations.Pending;

/// <summary>
/// The runtime calls it before a service's own <c>Main</c> when <c>DOTNET_STARTUP_HOOKS</c> names this assembly; it gives that real process
/// a clock that a test can set, or migrations of a release to come. The runtime wants this name and no namespace.
/// See https://github.com/dotnet/runtime/blob/main/docs/design/features/host-startup-hook.md.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime finds it by this name.")]
[SuppressMessage("Design", "MA0047", Justification = "The runtime finds it by this name.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ShiftedClock.FileVariable) is { Length: > 0 } file)
        {
            DiagnosticListener.AllListeners.Subscribe(new Listeners(file));
        }

        if (PendingMigrations.AreAskedFor)
        {
            PendingMigrations.AddToProcess();
        }
    }

    private sealed class Listeners(string file) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilding", Value: IHostBuilder host })
            {
                host.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ShiftedClock(file))));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
