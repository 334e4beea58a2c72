using System.Runtime.CompilerServices;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace ProSaas.Tests;

internal static class TestSession
{
    [ModuleInitializer]
    internal static void Begin() => TestRun.EndWith(() => TestContext.Current.CancellationToken);
}
