using ProSaas.Testing.Linked.Pending;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Faults;

/// <summary>
/// A database of its own with a relay before it, the services over it, and the row of the
/// table that the assertions fill.
/// </summary>
internal sealed class FaultCase : IAsyncDisposable
{
    private const string BusinessPath = "/api/businesses/1";

    private readonly FaultRecord _record;
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<ApiClient> _clients = [];
    private (string Name, string Value)[] _settings = [];
    private List<string> _rows = [];

    private FaultCase(FaultRecord record, TestDatabase database)
    {
        _record = record;
        Database = database;
        Relay = TcpRelay.Before(database, out var relayed);
        Relayed = relayed;
        _owned.Add(Relay);
    }

    private FaultCase(FaultRecord record, ReadyFixture fixture)
    {
        _record = record;
        Database = Relayed = fixture.Database;
        Relay = fixture.Relay;
    }

    public TestDatabase Database { get; }

    /// <summary>The same database behind <see cref="Relay"/>.</summary>
    public TestDatabase Relayed { get; }

    public TcpRelay Relay { get; }

    public static async Task<FaultCase> CreateAsync(PostgresFixture postgres, FaultReport report, string fault) =>
        Create(report, fault, await TestDatabase.CreateAsync(postgres));

    /// <summary>Whose services have <see cref="PendingMigrations"/> to apply and to wait for, so that a schema can be half-made.</summary>
    public static async Task<FaultCase> CreatePendingAsync(PostgresFixture postgres, FaultReport report, string fault)
    {
        var fresh = await CreateAsync(postgres, report, fault);
        fresh._settings = PendingMigrations.Environment;
        return fresh;
    }

    public static FaultCase Create(FaultReport report, string fault, TestDatabase database) => new(report.Begin(fault), database);

    /// <summary>On a fixture that is shared and stays.</summary>
    public static FaultCase On(ReadyFixture fixture, FaultReport report, string fault) => new(report.Begin(fault), fixture);

    public ServiceHandle StartApi(params (string Name, string Value)[] settings) =>
        Keep(ServiceHandle.StartApi(Database.ApiEnvironment([.. _settings, .. settings])));

    public ServiceHandle StartRelayedApi(params (string Name, string Value)[] settings) =>
        Keep(ServiceHandle.StartApi(Relayed.ApiEnvironment([.. _settings, .. settings])));

    public ServiceHandle StartWorker(params (string Name, string Value)[] settings) =>
        Keep(ServiceHandle.StartMigrationWorker(Database.WorkerEnvironment([.. _settings, .. settings])));

    /// <summary>A migrator on the link's other machine.</summary>
    public ServiceHandle StartWorkerBehind(PrivateLink link)
    {
        var there = new NpgsqlConnectionStringBuilder(Database.Owner) { Host = link.Here };
        return Keep(ServiceHandle.StartMigrationWorker(new TestDatabase(there.ConnectionString).WorkerEnvironment(_settings), link.There));
    }

    public ServiceHandle StartRelayedWorker(params (string Name, string Value)[] settings) =>
        Keep(ServiceHandle.StartMigrationWorker(Relayed.WorkerEnvironment([.. _settings, .. settings])));

    /// <summary>A ready API over the migrated and seeded database behind the relay, and somebody who owns a business.</summary>
    public async Task<(ServiceHandle Api, ApiClient Client)> StartReadyAsync(params (string Name, string Value)[] settings)
    {
        await Database.MigrateAsync();
        var api = StartRelayedApi(settings);
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        return (api, await LogInAsync(api));
    }

    /// <summary>A client of an owner of business 1.</summary>
    public async Task<ApiClient> LogInAsync(ServiceHandle api)
    {
        var account = await new TestAccounts(Database).CreateAsync(memberships: [(1, "owner")]);
        var client = new ApiClient(api.Http.BaseAddress!);
        _clients.Add(client);
        await client.LogInAsync(account.Email, account.Password);
        client.ComesAgain = false;
        return client;
    }

    /// <summary>Business requests get the problem and health its word, while the API lives and tells its timeline.</summary>
    public async Task RefusesAsync(ServiceHandle api, string problem, string health, double within = 20)
    {
        await Eventually.TrueAsync(async () => await HealthAsync(api) == health, $"/api/health says {health}", within);
        var refusal = await GetAsync(api, BusinessPath);
        refusal.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refusal.Text);
        refusal.Problem.ShouldBe(problem);
        refusal.Headers.RetryAfter.ShouldNotBeNull();
        (await api.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);
        (await api.StatusAsync("/api/startup")).ShouldBe(HttpStatusCode.OK);
        _record.Refused($"business requests `{problem}`");
        _record.Refused($"`/api/health` 503 `{health}`");
        _record.Served("`/livez`, `/api/startup`");
    }

    /// <summary>Somebody with a session gets business data.</summary>
    public async Task ServesAsync(ServiceHandle api)
    {
        await ServesAsync(await LogInAsync(api));
        (await HealthAsync(api)).ShouldBe("ok");
    }

    /// <summary>
    /// Requests reach the API's own checks again; in production nobody logs in without TLS,
    /// which this test does not have.
    /// </summary>
    public async Task LetsThroughAsync(ServiceHandle api)
    {
        (await api.StatusAsync(BusinessPath)).ShouldBe(HttpStatusCode.Unauthorized);
        (await HealthAsync(api)).ShouldBe("ok");
        _record.Served("business requests afterwards (401 without a session)");
    }

    /// <summary>The client gets business data.</summary>
    public async Task ServesAsync(ApiClient client, string what = "business requests afterwards")
    {
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                answer = await client.GetAsync(BusinessPath);
                return answer.Problem is not "database-unavailable";
            },
            "business data is there; a busy machine checks the database late",
            seconds: 5);
        answer!.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        _record.Served(what);
    }

    public async Task SaysAsync(ServiceHandle service, string line)
    {
        await service.UntilLineAsync(line);
        _record.Said(line);
    }

    public async Task ExitsAsync(ServiceHandle service, string name, int code, double within = 30)
    {
        (await service.WaitForExitAsync(within)).ShouldBe(code, string.Join('\n', service.Lines));
        _record.Refused($"{name} exits {code}");
    }

    /// <summary>Health is ok again within so many seconds from now.</summary>
    public Task RecoversAsync(ServiceHandle api, double within, string from) =>
        RecoversAsync($"`/api/health` 200 after {from}", within, async () => await api.StatusAsync("/api/health") == HttpStatusCode.OK);

    public async Task RecoversAsync(string what, double within, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(condition, what, within);
        Recovered(what, within, started);
    }

    public void Recovered(string what, double within, long started)
    {
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        took.ShouldBeLessThan(within, what);
        _record.Recovered(what, within, took);
    }

    public void Refused(string what) => _record.Refused(what);

    public void Served(string what) => _record.Served(what);

    public void Lost(string what) => _record.Lost = what;

    /// <summary>Remembers every row, to be compared later.</summary>
    public async Task RememberRowsAsync() => _rows = await RowsAsync();

    public async Task NothingIsLostAsync()
    {
        _rows.ShouldNotBeEmpty();
        _rows.ShouldBeSubsetOf(await RowsAsync());
        _record.Lost = "nothing";
    }

    /// <summary>Schema and rows are those of a run without a fault.</summary>
    public async Task NothingIsLostAsync(PostgresFixture postgres)
    {
        var expected = _settings is []
            ? await SchemaDump.OfAsync(await postgres.CreateMigratedAsync(seed: true))
            : await SchemaDump.OfPendingAsync(postgres);
        (await SchemaDump.OfAsync(Database.Owner)).ShouldBe(expected);
        _record.Lost = "nothing";
    }

    /// <summary>As above, with the block taken out of the schema first.</summary>
    public async Task NothingIsLostAfterAsync(MigrationBlock block, PostgresFixture postgres)
    {
        await block.RemoveAsync();
        await NothingIsLostAsync(postgres);
    }

    /// <summary>What held the migrator is gone, and the next one finishes what it began.</summary>
    public async Task FinishAsync(PostgresFixture postgres, ServiceHandle api, MigrationBlock? block = null)
    {
        if (block is not null)
        {
            await block.ReleaseAsync();
            await block.RemoveAsync();
        }

        (await StartRelayedWorker().WaitForExitAsync(60)).ShouldBe(0);
        await RecoversAsync(api, within: 3, "the next migrator's exit");
        await NothingIsLostAsync(postgres);
    }

    /// <summary>So many customers have the agent's answer, once each.</summary>
    public async Task AnswersAreStoredAsync(string text, int count)
    {
        var answers = await Testing.Database.ColumnAsync(
            Database.Owner, $"SELECT conversation_id::text FROM messages WHERE text = '{text}'");
        answers.Distinct().Count().ShouldBe(count);
        answers.Count.ShouldBe(count);
        _record.Lost = "nothing";
    }

    /// <summary>The customers' messages are these, once each.</summary>
    public async Task MessagesAreStoredAsync(params IEnumerable<string> texts)
    {
        (await Testing.Database.ColumnAsync(Database.Owner, "SELECT text FROM messages WHERE role = 'customer'"))
            .ShouldBe(texts, ignoreOrder: true);
        _record.Lost = "nothing";
    }

    /// <summary>Every confirmed entry is there once.</summary>
    public async Task NothingIsLostAsync(IReadOnlyCollection<string> confirmed)
    {
        var found = await Testing.Database.ColumnAsync(Database.Owner, "SELECT question FROM faq_entries");
        confirmed.ShouldAllBe(question => found.Count(other => other == question) == 1);
        _record.Lost = "nothing";
    }

    public static async Task<string?> HealthAsync(ServiceHandle api)
    {
        try
        {
            return (await GetAsync(api, "/api/health")).Json.GetProperty("status").GetString();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static async Task<ApiAnswer> GetAsync(ServiceHandle api, string path)
    {
        using var response = await api.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await ApiAnswer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }

    private Task<List<string>> RowsAsync() => Testing.Database.ColumnAsync(Database.Owner, """
        SELECT concat_ws(' ', 'business', to_jsonb(b) - 'last_activity_at' - 'agent_version') FROM businesses b
        UNION ALL SELECT concat_ws(' ', 'faq', to_jsonb(f)) FROM faq_entries f
        UNION ALL SELECT concat_ws(' ', 'account', to_jsonb(a)) FROM accounts a
        UNION ALL SELECT concat_ws(' ', 'member', to_jsonb(m)) FROM business_members m
        """);

    private ServiceHandle Keep(ServiceHandle service)
    {
        _owned.Add(service);
        return service;
    }
}
