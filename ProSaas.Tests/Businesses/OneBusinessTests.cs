namespace ProSaas.Tests.Businesses;

/// <summary>Tests of the shared API, each with a business of its own.</summary>
public abstract class OneBusinessTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    internal TestBusiness Business { get; private set; } = null!;

    /// <summary>The platform's administrator, who made it.</summary>
    internal ApiClient Admin { get; private set; } = null!;

    /// <summary>The version that its agents are made from.</summary>
    internal Task<long> VersionAsync() =>
        Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT agent_version FROM businesses WHERE id = {Business.Id}");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (Business, Admin) = await TestBusiness.CreateAsync(Api);
    }

    protected override void CleanUp() => Business?.Dispose();
}
