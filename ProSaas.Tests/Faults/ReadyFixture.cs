namespace ProSaas.Tests.Faults;

/// <summary>One ready API with a relay before its database, shared by the quick faults, which it gets over.</summary>
public sealed class ReadyFixture(PostgresFixture postgres) : IAsyncLifetime
{
    internal TestDatabase Database { get; private set; } = null!;

    internal TcpRelay Relay { get; private set; } = null!;

    /// <summary>In the place of the WhatsApp service.</summary>
    internal BaileysServer Baileys { get; private set; } = null!;

    internal ServiceHandle Api { get; private set; } = null!;

    /// <summary>Of the API; the database's clock stays as it is.</summary>
    internal ServiceClock Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(postgres);
        await Database.MigrateAsync();
        Relay = TcpRelay.Before(Database, out var relayed);
        Baileys = await BaileysServer.StartAsync();
        Api = ServiceHandle.StartApi(relayed.ApiEnvironment([.. Clock.Environment, .. Baileys.Environment]));
        await Api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Baileys.DisposeAsync();
        await Relay.DisposeAsync();
        Clock.Dispose();
    }
}
