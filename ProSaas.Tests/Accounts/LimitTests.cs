namespace ProSaas.Tests.Accounts;

/// <summary>Each test sets the limits of an API of its own.</summary>
public sealed class LimitTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Address_that_failed_too_often_is_locked_whether_an_account_has_it_or_not()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Login__MaxFailures", "3"));
        var account = await api.Accounts.CreateAsync();
        using var client = api.CreateClient();

        var known = await FailAsync(account.Email, account.Password);
        var unknown = await FailAsync("nobody-at-all@example.com", account.Password);

        known.ShouldBe(["invalid-credentials", "invalid-credentials", "invalid-credentials", "too-many-attempts"]);
        unknown.ShouldBe(known);
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE login_failures SET expires_at = now()");
        await client.LogInAsync(account.Email, account.Password);
        using var another = api.CreateClient();
        await another.LogInAsync(account.Email, account.Password);

        async Task<List<string?>> FailAsync(string email, string rightPassword)
        {
            var problems = new List<string?>();
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                problems.Add((await client.PostAsync("/api/auth/login", new { email, password = "not the password" })).Problem);
            }

            var locked = await client.PostAsync("/api/auth/login", new { email, password = rightPassword });
            locked.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            int.Parse(locked.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture).ShouldBeInRange(800, 900);
            return [.. problems, locked.Problem];
        }
    }

    [Fact]
    public async Task Attempts_that_come_at_once_get_no_more_guesses()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Login__MaxFailures", "3"), ("Login__ConcurrentHashes", "4"));
        var account = await api.Accounts.CreateAsync();
        using var client = api.CreateClient();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => client.PostAsync("/api/auth/login", new { account.Email, password = "not the password" })));

        answers.Count(answer => answer.Problem is "invalid-credentials").ShouldBe(3);
        answers.Count(answer => answer.Problem is "too-many-attempts").ShouldBe(9);
    }

    [Fact]
    public async Task More_passwords_than_can_be_hashed_at_once_are_told_to_come_again()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Login__ConcurrentHashes", "1"), ("Login__MaxFailures", "100"));
        var account = await api.Accounts.CreateAsync();
        using var client = api.CreateClient();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => client.PostAsync("/api/auth/token", new { account.Email, account.Password })));

        answers.Count(answer => answer.Status is HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(5, "one is hashed and four wait");
        var refused = answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests
            && answer.Problem == "too-busy" && answer.Headers.RetryAfter!.ToString() == "2");
    }

    [Fact]
    public async Task Client_network_is_limited_and_only_a_known_proxy_may_name_it()
    {
        await using var trusting = await TestApi.StartAsync(
            postgres, ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), ("Login__AttemptsPerAddress", "2"));
        (await ProblemsAsync(trusting, "203.0.113.1")).ShouldBe(["invalid-credentials", "invalid-credentials", "too-many-requests"]);
        (await ProblemsAsync(trusting, "203.0.113.2")).ShouldBe(["invalid-credentials", "invalid-credentials", "too-many-requests"]);

        await using var wary = await TestApi.StartAsync(
            trusting.Database,
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
            ("Login__AttemptsPerAddress", "2"),
            ("ForwardedHeaders__KnownNetworks__0", "192.0.2.0/24"));
        (await ProblemsAsync(wary, "203.0.113.1")).ShouldBe(["invalid-credentials", "invalid-credentials", "too-many-requests"]);
        (await ProblemsAsync(wary, "203.0.113.2")).ShouldBe(["too-many-requests", "too-many-requests", "too-many-requests"]);

        static async Task<List<string?>> ProblemsAsync(TestApi api, string address)
        {
            using var client = api.CreateClient();
            var problems = new List<string?>();
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                problems.Add((await client.SendAsync(
                    HttpMethod.Post,
                    attempt is 1 ? "/api/auth/login" : "/API/auth/LOGIN",
                    new { email = $"{Guid.NewGuid():N}@example.com", password = "not the password" },
                    ("X-Forwarded-For", address))).Problem);
            }

            return problems;
        }
    }

    [Fact]
    public async Task Flood_of_logins_stops_neither_refreshes_nor_tokens_nor_the_login_of_a_known_device()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Login__AttemptsPerAddress", "3"), ("Login__RefreshesPerAddress", "4"));
        var account = await api.Accounts.CreateAsync();
        using var program = api.CreateClient();
        var tokens = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });
        using var browser = await api.LogInAsync(account);
        using var flood = api.CreateClient();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await flood.PostAsync("/api/auth/login", new { email = $"{attempt}@example.com", password = "not the password" });
        }

        var told = await flood.PostAsync("/api/auth/login", new { account.Email, account.Password });
        told.Problem.ShouldBe("too-many-requests");
        told.Json.GetProperty("detail").GetString()!.ShouldContain("3 times a minute");
        await browser.LogInAsync(account.Email, account.Password);
        (await program.PostAsync("/api/auth/token", new { account.Email, account.Password })).Status.ShouldBe(HttpStatusCode.OK);
        var refresh = new { refreshToken = tokens.Json.GetProperty("refreshToken").GetString() };
        (await program.PostAsync("/api/auth/refresh", refresh)).Status.ShouldBe(HttpStatusCode.OK);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await flood.PostAsync("/api/auth/refresh", new { refreshToken = "unknown" });
        }

        (await flood.PostAsync("/api/auth/refresh", new { refreshToken = "unknown" })).Problem.ShouldBe("too-many-requests");
    }

    [Theory]
    [InlineData("ForwardedHeaders__KnownNetworks__0", "everybody",
        "ForwardedHeaders:KnownNetworks:0 is 'everybody'. Allowed: a network, for instance 10.0.0.0/8")]
    [InlineData("ForwardedHeaders__KnownNetworks__0", "10.0.0.0/8",
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED is not set. Allowed: true, or no ForwardedHeaders:KnownNetworks")]
    [InlineData("DATA_PROTECTION_SECRET", "hush hush hush", "DATA_PROTECTION_SECRET is '***'. Allowed: ")]
    [InlineData("Login__MaxFailures", "1", "Login:MaxFailures is '1'. Allowed: 3 to 100.")]
    [InlineData("Sessions__IdleTimeout", "00:00:01", "Sessions:IdleTimeout is '00:00:01'. Allowed: 00:01:00 to 7.00:00:00.")]
    [InlineData("ADMIN_EMAIL", "admin@example.com", "ADMIN_PASSWORD is not set.")]
    [InlineData("ADMIN_PASSWORD", "hush hush hush hush", "ADMIN_EMAIL is not set.")]
    public async Task Wrong_setting_ends_in_one_line_and_78(string variable, string value, string expected)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment((variable, value)));

        (await api.WaitForExitAsync()).ShouldBe(78);
        await api.UntilLineAsync(expected);
        api.Lines.Count.ShouldBe(1);
        api.Lines[0].ShouldNotContain("hush");
    }
}
