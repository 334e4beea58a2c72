using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ProSaas.Testing.Linked;
using ProSaas.Testing.Linked.Pending;
using ProSaas.Tests.Faults;

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
            BuiltHost.Change(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ShiftedClock(file))));
        }

        if (PendingMigrations.AreAskedFor)
        {
            PendingMigrations.AddToProcess();
        }
    }
}
