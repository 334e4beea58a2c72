[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(ProSaas.Tests.TestSession))]

namespace ProSaas.Tests;

/// <summary>
/// Before the first test: what <c>ProSaas.Testing</c> waits for ends with the test. Not in a module initializer, which would also run in a
/// service that loads this assembly as its start-up hook.
/// </summary>
public sealed class TestSession
{
    public TestSession() => TestRun.EndWith(() => TestContext.Current.CancellationToken);
}
