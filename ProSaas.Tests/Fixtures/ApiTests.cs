namespace ProSaas.Tests.Fixtures;

/// <summary>Tests of the shared API.</summary>
public abstract class ApiTests(PostgresFixture postgres, ApiFixture fixture) : IAsyncLifetime
{
    internal TestApi Api { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Api = await fixture.GetAsync(postgres);

    public ValueTask DisposeAsync()
    {
        CleanUp();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected virtual void CleanUp()
    {
    }
}
