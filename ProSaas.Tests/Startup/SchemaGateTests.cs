using System.Runtime.InteropServices;

namespace ProSaas.Tests.Startup;

/// <summary>The API as a real process over a real PostgreSQL.</summary>
public sealed class SchemaGateTests(PostgresFixture postgres)
{
    private static readonly string[] ContractLines =
    [
        "INFO ProSaas.Api.Startup.SchemaGate: 🔥 Agent warmup waiting for migrations to complete...",
        "INFO ProSaas.Api.Startup.SchemaGate: 🔒 Migrations complete - warmup can now proceed",
        "INFO ProSaas.Api.Agents.AgentWarmup: ✅ Migrations complete - starting agent warmup",
        "INFO ProSaas.Api.Agents.AgentWarmup: 🔥 WARMUP: Pre-creating agents for active businesses...",
        "INFO ProSaas.Api.Agents.AgentWarmup: 📊 Found 10 businesses to warm up",
        "INFO ProSaas.Api.Agents.AgentWarmup: ✅ Warmed up 20 agents in ",
    ];

    [Fact]
    public async Task Api_waits_for_the_schema_and_warms_all_agents_after_it()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("Speech__Provider", "none")));
        await api.UntilLineAsync(ContractLines[0]);
        await api.UntilStatusAsync("/livez", HttpStatusCode.OK);

        (await api.StatusAsync("/api/health")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await JsonAsync(api, "/api/health")).GetProperty("status").GetString().ShouldBe("initializing");
        (await api.StatusAsync("/readyz")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        await database.MigrateAsync();
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        await api.UntilLineAsync(ContractLines[^1]);

        // The phase ends a moment after it says so.
        await api.UntilLineAsync("Startup finished");

        var shown = api.Lines.Where(line => ContractLines.Any(wanted => line.Contains(wanted, StringComparison.Ordinal))).ToList();
        shown.Count.ShouldBe(ContractLines.Length);
        shown.Zip(ContractLines).ShouldAllBe(pair => pair.First.Contains(pair.Second, StringComparison.Ordinal));

        var startup = await JsonAsync(api, "/api/startup");
        startup.GetProperty("warmup").GetProperty("businesses").GetInt32().ShouldBe(10);
        startup.GetProperty("warmup").GetProperty("wantedAgents").GetInt32().ShouldBe(20);
        startup.GetProperty("warmup").GetProperty("warmAgents").GetInt32().ShouldBe(20);
        startup.GetProperty("phases").EnumerateArray()
            .ToDictionary(phase => phase.GetProperty("name").GetString()!, phase => phase.GetProperty("state").GetString())
            .ShouldBe(
                new Dictionary<string, string?>
                {
                    ["schema_gate"] = "succeeded",
                    ["agent_warmup"] = "succeeded",
                    ["tts_warmup"] = "skipped",
                    ["whatsapp_probe"] = "skipped"
                },
                ignoreOrder: true);
        (await JsonAsync(api, "/readyz")).GetProperty("dependencies").GetProperty("baileys_service").GetString().ShouldBe("not configured");
    }

    [Fact]
    public async Task Business_request_before_the_gate_is_refused_with_a_problem()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await Database.ExecuteAsync(database.Owner,
            "CREATE TABLE away AS SELECT * FROM schema_applied; DELETE FROM schema_applied WHERE migration_id LIKE 'seed:%'");
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment());
        await api.UntilStatusAsync("/livez", HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await SessionsAsync()).Count is 1, "the gate asks the database");

        foreach (var (path, accept) in ((string, string)[])[
            ("/api/businesses", "*/*"), ("/", "text/html"), ("/api/health/more", "application/json"), ("/health", "*/*")
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } };
            using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            response.Headers.GetValues("Retry-After").ShouldHaveSingleItem().ShouldBe("2");
            response.Headers.CacheControl?.ToString().ShouldBe("no-store");
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
            var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            problem.GetProperty("type").GetString().ShouldBe("urn:prosaas:problem:starting");
            problem.GetProperty("status").GetInt32().ShouldBe(503);
        }

        (await api.StatusAsync("/readyz")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await SessionsAsync()).ShouldBeSubsetOf(["prosaas-api schema gate"]);

        await Database.ExecuteAsync(database.Owner, "INSERT INTO schema_applied SELECT * FROM away ON CONFLICT DO NOTHING");
        await api.UntilStatusAsync("/api/businesses", HttpStatusCode.Unauthorized);

        Task<List<string>> SessionsAsync() => Database.ColumnAsync(
            database.Owner,
            "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND usename = 'prosaas_app'");
    }

    [Fact]
    public async Task Timeout_in_development_stops_the_process()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("Startup__MigrationTimeout", "00:00:01")));

        (await api.WaitForExitAsync()).ShouldBe(1);
        api.Lines.ShouldContain(line =>
            line.Contains("ERROR ProSaas.Api.Startup.SchemaGate: ❌ Agent warmup timeout waiting for migrations", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Staging")]
    [InlineData("PRODUCTION", "1")]
    public async Task Timeout_in_production_keeps_waiting_and_heals(string variable, string value)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var environment = database.ApiEnvironment(("Startup__MigrationTimeout", "00:00:01"), (variable, value));
        if (variable is "ASPNETCORE_ENVIRONMENT")
        {
            environment.Remove("DOTNET_ENVIRONMENT");
        }

        await using var api = ServiceHandle.StartApi(environment);
        await api.UntilLineAsync("❌ Agent warmup timeout waiting for migrations");
        await api.UntilLineAsync("⚠️ Skipping agent warmup in production due to timeout");
        await api.UntilLineAsync("⚠️ Note: Migrations may still be running. First requests may be slower.");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.ServiceUnavailable);
        (await JsonAsync(api, "/api/health")).GetProperty("status").GetString().ShouldBe("initializing");

        await database.MigrateAsync(seed: false);
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        await api.UntilLineAsync("✅ Warmed up 0 agents");
    }

    [Fact]
    public async Task Lost_database_is_told_at_once_and_its_return_too()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment());
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);

        await database.ExecuteOnServerAsync($"ALTER DATABASE \"{database.Name}\" ALLOW_CONNECTIONS false");
        await database.ExecuteOnServerAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}'");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.ServiceUnavailable);
        (await JsonAsync(api, "/api/health")).GetProperty("status").GetString().ShouldBe("unhealthy");
        (await JsonAsync(api, "/readyz")).GetProperty("dependencies").GetProperty("database").GetString().ShouldBe("unhealthy");
        (await api.StatusAsync("/api/businesses")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await api.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);

        await database.ExecuteOnServerAsync($"ALTER DATABASE \"{database.Name}\" ALLOW_CONNECTIONS true");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stopping_is_told_while_the_listener_drains()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("Health__DrainDelay", "00:00:03")));
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);

        api.Signal(PosixSignal.SIGTERM);
        await api.UntilStatusAsync("/api/health", HttpStatusCode.ServiceUnavailable);
        (await JsonAsync(api, "/api/health")).GetProperty("status").GetString().ShouldBe("stopping");
        (await api.WaitForExitAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(true, "", "LOGIN SUPERUSER", "is a superuser")]
    [InlineData(false, "", "LOGIN SUPERUSER", "is a superuser")]
    [InlineData(false, "Options=-c role=prosaas_app", "LOGIN SUPERUSER", "is a superuser")]
    [InlineData(false, "", "LOGIN BYPASSRLS", "may bypass row-level security")]
    [InlineData(false, "", "LOGIN; ALTER DATABASE {0} OWNER TO {1}", "owns the database")]
    [InlineData(
        false,
        "",
        "LOGIN NOINHERIT; CREATE ROLE {1}_owner; GRANT {1}_owner TO {1}; ALTER DATABASE {0} OWNER TO {1}_owner",
        "owns the database")]
    [InlineData(
        false,
        "",
        "LOGIN; CREATE ROLE {1}_b BYPASSRLS; GRANT {1}_b TO {1}; GRANT CONNECT ON DATABASE {0} TO {1}",
        "may bypass row-level security")]
    [InlineData(false, "", "LOGIN; CREATE TABLE mine (); ALTER TABLE mine OWNER TO {1}", "owns tables")]
    [InlineData(
        false,
        "",
        "LOGIN; CREATE SCHEMA own AUTHORIZATION {1}; CREATE TABLE own.mine (); ALTER TABLE own.mine OWNER TO {1}",
        "owns tables")]
    public async Task Login_with_too_much_is_refused_in_production_at_once(bool migrated, string option, string attributes, string excess)
    {
        var database = await TestDatabase.CreateAsync(postgres);

        // With the roles of the runtime there, as on a server with several databases.
        await postgres.CreateMigratedAsync();
        if (migrated)
        {
            await database.MigrateAsync(seed: false);
        }

        var role = $"role_{Guid.NewGuid():N}";
        await Database.ExecuteAsync(
            database.Owner,
            string.Format(CultureInfo.InvariantCulture, $"CREATE ROLE {{1}} PASSWORD '{role}' {attributes}", database.Name, role));
        var login = new NpgsqlConnectionStringBuilder(database.Owner) { Username = role, Password = role };
        var environment = database.ApiEnvironment(
            ("PRODUCTION", "1"), ("ConnectionStrings__prosaasdb", $"{login.ConnectionString};{option}"));
        await using var api = ServiceHandle.StartApi(environment);

        (await api.WaitForExitAsync()).ShouldBe(78);
        api.Lines.ShouldContain(line => line.Contains("ERROR", StringComparison.Ordinal)
            && line.Contains($"is refused in production: its login {role} {excess}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Single_container_migrates_by_itself()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var environment = database.ApiEnvironment(("RUN_MIGRATIONS_ON_START", "1"), ("ConnectionStrings__migrator", database.Owner));
        foreach (var (name, value) in database.WorkerEnvironment()
            .Where(pair => pair.Key.StartsWith("Database__", StringComparison.Ordinal)))
        {
            environment[name] = value;
        }

        await using var api = ServiceHandle.StartApi(environment);
        await api.UntilLineAsync("✅ Warmed up 20 agents");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
    }

    [Fact]
    public async Task Line_of_waiting_is_said_also_when_the_gate_is_open_already()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("LC_ALL", "en_US.ISO-8859-1")));

        await api.UntilLineAsync(ContractLines[^1]);
        api.Lines.ShouldContain(line => line.Contains(ContractLines[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_console_is_a_switch()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(
            database.ApiEnvironment(("Startup__MigrationTimeout", "00:00:00.5"), ("Logging__Console__FormatterName", "json")));
        (await api.WaitForExitAsync()).ShouldBe(1);

        var events = api.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        events.ShouldContain(found => found.GetProperty("LogLevel").GetString() == "Error"
            && found.GetProperty("Message").GetString() == "❌ Agent warmup timeout waiting for migrations");
    }

    [Fact]
    public async Task Without_the_owners_connection_the_api_warns_and_waits()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("RUN_MIGRATIONS_ON_START", "1")));

        await api.UntilLineAsync(
            "WARNING ProSaas.Api.Startup.SchemaGate: RUN_MIGRATIONS_ON_START is set but ConnectionStrings:migrator is not");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.ServiceUnavailable);
        await database.MigrateAsync();
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
    }

    private static async Task<JsonElement> JsonAsync(ServiceHandle api, string path)
    {
        using var response = await api.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        response.Headers.CacheControl?.NoStore.ShouldBeTrue();
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: TestContext.Current.CancellationToken);
        document.RootElement.GetProperty("service").GetString().ShouldBe("prosaas-api");
        document.RootElement.GetProperty("timestamp").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        return document.RootElement.Clone();
    }
}
