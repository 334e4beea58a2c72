using ProSaas.Api.Accounts.Setup;

namespace ProSaas.Tests.Accounts;

public sealed partial class SetupTests(PostgresFixture postgres)
{
    private const string Password = "kettle orbit mango nine";

    private static readonly (string, string) Production = ("PRODUCTION", "1");

    [Fact]
    public async Task Production_without_administrator_prints_one_code_once_and_it_makes_one_administrator()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using var first = await TestApi.StartAsync(database, Production);
        await first.Service.UntilLineAsync("One-time set-up code");
        await using var second = await TestApi.StartAsync(database, Production);
        await second.Service.UntilLineAsync("a set-up code was printed less than an hour ago");
        var code = first.Service.Lines.Select(line => Code().Match(line)).Single(match => match.Success).Groups["code"].Value;
        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM accounts")).ShouldBe(0);
        using var client = second.CreateClient();

        (await SetUpAsync("0123456789abcdef0123456789abcdef")).ShouldBe((HttpStatusCode.Forbidden, "invalid-setup-code"));
        (await SetUpAsync(code, password: "qwerty123456")).ShouldBe((HttpStatusCode.BadRequest, "validation"));
        (await SetUpAsync(code)).ShouldBe((HttpStatusCode.NoContent, null));
        (await SetUpAsync(code)).ShouldBe((HttpStatusCode.Forbidden, "invalid-setup-code"));

        var tokens = await client.PostAsync("/api/auth/token", new { email = "first@example.com", password = Password });
        client.Headers.Authorization = new("Bearer", tokens.Json.GetProperty("accessToken").GetString());
        (await client.GetAsync("/api/auth/me")).Json.GetProperty("isSystemAdmin").GetBoolean().ShouldBeTrue();

        async Task<(HttpStatusCode Status, string? Problem)> SetUpAsync(string with, string password = Password)
        {
            var answer = await client.PostAsync(
                "/api/auth/setup", new { code = with, email = "first@example.com", name = "Dan Cohen", password });
            return (answer.Status, answer.Problem);
        }
    }

    [Fact]
    public async Task Code_is_good_no_more_once_there_is_an_administrator_and_is_looked_at_before_a_password_is_hashed()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using var api = await TestApi.StartAsync(database, Production, ("Login__ConcurrentHashes", "1"));
        await api.Service.UntilLineAsync("One-time set-up code");
        var code = api.Service.Lines.Select(line => Code().Match(line)).Single(match => match.Success).Groups["code"].Value;
        var member = await api.Accounts.CreateAsync();
        using var client = api.CreateClient();

        var guesses = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => SetUpAsync($"{number:x32}")));
        guesses.Select(answer => answer.Problem).Distinct().ShouldBe(["invalid-setup-code"], "no guess waits for its turn to be hashed");
        (await SetUpAsync(code, member.Email)).Problem.ShouldBe("email-taken");
        await api.Accounts.CreateAsync(isSystemAdmin: true);
        (await SetUpAsync(code)).Problem.ShouldBe("invalid-setup-code");
        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM accounts WHERE is_system_admin")).ShouldBe(1);

        Task<ApiAnswer> SetUpAsync(string with, string email = "first@example.com") =>
            client.PostAsync("/api/auth/setup", new { code = with, email, name = "Dan Cohen", password = Password });
    }

    [Fact]
    public async Task Code_of_before_is_removed_when_the_settings_make_an_administrator()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using (var first = await TestApi.StartAsync(database, Production))
        {
            await first.Service.UntilLineAsync("One-time set-up code");
        }

        await using var second = await TestApi.StartAsync(
            database, Production, ("ADMIN_EMAIL", "ops@example.com"), ("ADMIN_PASSWORD", Password));
        await second.Service.UntilLineAsync("was made as the administrator that ADMIN_EMAIL names");

        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM setup_codes")).ShouldBe(0);
    }

    [Fact]
    public async Task Administrator_of_the_settings_is_made_once_and_no_code_is_printed()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        (string, string)[] settings = [Production, ("ADMIN_EMAIL", "ops@example.com"), ("ADMIN_PASSWORD", Password)];
        await using (var api = await TestApi.StartAsync(database, settings))
        {
            await api.Service.UntilLineAsync("was made as the administrator that ADMIN_EMAIL names");
            using var client = api.CreateClient();
            (await client.PostAsync("/api/auth/token", new { email = "ops@example.com", password = Password })).Status
                .ShouldBe(HttpStatusCode.OK);
            api.Service.Lines.ShouldNotContain(line =>
                line.Contains(Password, StringComparison.Ordinal) || line.Contains("set-up code", StringComparison.Ordinal));
        }

        await using var again = await TestApi.StartAsync(database, [.. settings[..2], ("ADMIN_PASSWORD", "another password altogether")]);
        using var still = again.CreateClient();
        (await still.PostAsync("/api/auth/token", new { email = "ops@example.com", password = Password })).Status
            .ShouldBe(HttpStatusCode.OK);
        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM accounts")).ShouldBe(1);
    }

    [Fact]
    public async Task Administrator_with_a_password_that_breaks_the_rules_stops_the_process()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(
            Production, ("ADMIN_EMAIL", "ops@example.com"), ("ADMIN_PASSWORD", "qwerty123456"), ("Health__DrainDelay", "00:00:00")));

        (await api.WaitForExitAsync()).ShouldBe(78);

        api.Lines.ShouldContain(line =>
            line.Contains("ERROR", StringComparison.Ordinal) && line.Contains("ADMIN_PASSWORD is refused", StringComparison.Ordinal));
        (await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM accounts")).ShouldBe(0);
    }

    [Fact]
    public async Task Development_has_accounts_says_so_and_they_log_in()
    {
        await using var api = await TestApi.StartAsync(postgres);
        await api.Service.UntilLineAsync("made in development only: admin@prosaas.test, owner@prosaas.test and member@prosaas.test");

        using var client = api.CreateClient();
        (await client.LogInAsync("admin@prosaas.test", "for development only")).Json.GetProperty("isSystemAdmin").GetBoolean()
            .ShouldBeTrue();
        (await RoleAsync("owner@prosaas.test")).ShouldBe("owner");
        (await RoleAsync("member@prosaas.test")).ShouldBe("member");

        async Task<string?> RoleAsync(string email) =>
            (await client.LogInAsync(email, "for development only")).Json
                .GetProperty("memberships").EnumerateArray().Single().GetProperty("role").GetString();
    }

    [Fact]
    public async Task Login_before_the_first_accounts_are_made_waits_for_them()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var other = await Database.OpenAsync(database.Owner);
        await Database.ExecuteAsync(other, $"SELECT pg_advisory_lock({FirstAccounts.LockKey})");
        await using var api = await TestApi.StartAsync(database);
        using var client = api.CreateClient();

        var login = client.PostAsync("/api/auth/token", new { email = "admin@prosaas.test", password = "for development only" });
        await api.Service.UntilStatusAsync("/api/auth/me", HttpStatusCode.Unauthorized);
        await Database.ExecuteAsync(other, $"SELECT pg_advisory_unlock({FirstAccounts.LockKey})");

        (await login).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Production_cookie_is_bound_to_its_host_and_to_TLS()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using var api = await TestApi.StartAsync(database, Production);
        var account = await api.Accounts.CreateAsync();
        using var browser = api.CreateClient();

        var cookies = (await browser.LogInAsync(account.Email, account.Password)).SetCookies;

        cookies.Select(cookie => cookie.Split('=')[0])
            .ShouldBe(["__Host-prosaas", "__Host-prosaas-csrf", "__Host-prosaas-device"], ignoreOrder: true);
        cookies.ShouldAllBe(cookie => cookie.Contains("; path=/") && cookie.Contains("; secure") && cookie.Contains("; httponly")
            && cookie.Contains("; samesite=lax") && !cookie.Contains("domain="));
    }

    [Fact]
    public async Task Replicas_share_sessions_and_a_restart_keeps_them()
    {
        await using var first = await TestApi.StartAsync(postgres);
        await using var second = await TestApi.StartAsync(first.Database);
        var account = await first.Accounts.CreateAsync();
        using var browser = await first.LogInAsync(account);
        var cookie = browser.Cookies.GetCookieHeader(first.Service.Http.BaseAddress!);
        var antiforgery = browser.Headers.GetValues(ApiClient.AntiforgeryHeader).Single();

        (await MeAsync(second)).Status.ShouldBe(HttpStatusCode.OK);
        await first.Service.KillAsync();
        await second.Service.KillAsync();
        await using var restarted = await TestApi.StartAsync(first.Database);

        (await MeAsync(restarted)).Json.GetProperty("id").GetInt64().ShouldBe(account.Id);
        using var client = restarted.CreateClient();
        (await client.SendAsync(
            HttpMethod.Post, "/api/auth/logout", body: null, ("Cookie", cookie), (ApiClient.AntiforgeryHeader, antiforgery))).Status
            .ShouldBe(HttpStatusCode.NoContent);

        async Task<ApiAnswer> MeAsync(TestApi api)
        {
            using var other = api.CreateClient();
            return await other.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Cookie", cookie));
        }
    }

    [Fact]
    public async Task Nothing_of_the_accounts_looks_at_the_database_before_the_gate_opens()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var earlier = await TestApi.StartAsync(postgres);
        using var browser = await earlier.LogInAsync(await earlier.Accounts.CreateAsync());
        var cookie = browser.Cookies.GetCookieHeader(earlier.Service.Http.BaseAddress!);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(
            ("Logging__LogLevel__ProSaas.Data", "Debug"), ("Logging__LogLevel__Microsoft.AspNetCore.DataProtection", "Debug")));
        await api.UntilStatusAsync("/livez", HttpStatusCode.OK);
        using var client = new ApiClient(api.Http.BaseAddress!) { ComesAgain = false };

        foreach (var path in new[] { "/livez", "/api/health", "/api/startup", "/api/auth/me" })
        {
            await client.SendAsync(HttpMethod.Get, path, body: null, ("Cookie", cookie));
        }

        (await client.PostAsync("/api/auth/login", new { email = "a@example.com", password = Password })).Status
            .ShouldBe(HttpStatusCode.ServiceUnavailable);
        api.Lines.ShouldNotContain(line =>
            line.Contains("System unit of work", StringComparison.Ordinal) || line.Contains("DataProtection", StringComparison.Ordinal));
        await database.MigrateAsync();
        await api.UntilLineAsync("System unit of work: first accounts");
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        using var later = new ApiClient(api.Http.BaseAddress!);
        (await later.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Cookie", cookie))).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        await api.UntilLineAsync("System unit of work: data-protection keys");
    }

    [GeneratedRegex(
        "One-time set-up code, good for an hour: (?<code>[0-9a-f]{32}) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
