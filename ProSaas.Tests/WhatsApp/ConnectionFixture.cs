namespace ProSaas.Tests.WhatsApp;

/// <summary>One API with a server in the WhatsApp service's place, shared by the tests of a class, which run one after the other.</summary>
public sealed class ConnectionFixture(PostgresFixture postgres) : IAsyncLifetime
{
    internal BaileysServer Baileys { get; private set; } = null!;

    internal TestApi Api { get; private set; } = null!;

    internal ApiClient Owner { get; private set; } = null!;

    internal ApiClient Member { get; private set; } = null!;

    internal ApiClient Administrator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Baileys = await BaileysServer.StartAsync();
        Api = await TestApi.StartAsync(postgres, Baileys.Environment);
        Owner = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(1, "owner")]));
        Member = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(1, "member")]));
        Administrator = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        Member.Dispose();
        Administrator.Dispose();
        await Api.DisposeAsync();
        await Baileys.DisposeAsync();
    }
}
