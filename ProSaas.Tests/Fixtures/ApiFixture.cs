[assembly: AssemblyFixture(typeof(ApiFixture))]

namespace ProSaas.Tests.Fixtures;

/// <summary>One API in development over a seeded database, shared by the classes that change nothing another one relies on.</summary>
public sealed class ApiFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private TestApi? _api;

    internal async Task<TestApi> GetAsync(PostgresFixture postgres)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _api ??= await TestApi.StartAsync(postgres);
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _starting.Dispose();
    }
}

/// <summary>A real API process over a database of its own.</summary>
internal sealed class TestApi(ServiceHandle service, TestDatabase database) : IAsyncDisposable
{
    public ServiceHandle Service => service;

    public TestDatabase Database => database;

    public TestAccounts Accounts { get; } = new(database);

    /// <summary>Starts an API that is ready; tests share one client address, so its limit is out of their way unless they set it.</summary>
    public static async Task<TestApi> StartAsync(PostgresFixture postgres, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        return await StartAsync(database, settings);
    }

    /// <summary>As above, over a migrated database: a second replica, or the same one after a restart.</summary>
    public static async Task<TestApi> StartAsync(TestDatabase database, params (string Name, string Value)[] settings)
    {
        var service = ServiceHandle.StartApi(database.ApiEnvironment([("Login__AttemptsPerAddress", "100000"), .. settings]));
        await Eventually.TrueAsync(
            async () => service.HasExited || await service.StatusAsync("/api/health") is HttpStatusCode.OK,
            "the API is ready",
            seconds: 90);
        service.HasExited.ShouldBeFalse($"{service}\n{string.Join('\n', service.Errors)}");
        return new TestApi(service, database);
    }

    /// <summary>A client without login, with a cookie jar of its own.</summary>
    public ApiClient CreateClient() => new(service.Http.BaseAddress!);

    /// <summary>A client with a browser's session.</summary>
    public async Task<ApiClient> LogInAsync(TestAccount account)
    {
        var client = CreateClient();
        await client.LogInAsync(account.Email, account.Password);
        return client;
    }

    /// <summary>Until one of its statements waits for what another transaction has locked.</summary>
    public Task UntilWaitingForALockAsync() => Eventually.TrueAsync(
        () => ProSaas.Testing.Database.ScalarAsync<bool>(
            database.Owner, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
        "a statement waits for a lock");

    /// <summary>So many messages that came by WhatsApp have been answered, or need no answer.</summary>
    public Task UntilSettledAsync(long count) => Eventually.TrueAsync(
        async () => await Testing.Database.ScalarAsync<long>(
            database.Owner, "SELECT count(*) FROM whatsapp_messages WHERE settled_at IS NOT NULL") == count,
        $"{count} messages are settled");

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
