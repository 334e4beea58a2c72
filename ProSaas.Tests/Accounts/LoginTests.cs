namespace ProSaas.Tests.Accounts;

public sealed class LoginTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Login_with_the_address_in_any_case_begins_a_browsers_session_and_me_says_whose_it_is()
    {
        var account = await Api.Accounts.CreateAsync(memberships: [(1, "owner"), (2, "member")]);
        using var browser = Api.CreateClient();

        var login = await browser.LogInAsync(account.Email.ToUpperInvariant(), account.Password);

        login.SetCookies.Single(cookie => cookie.StartsWith("prosaas-dev=", StringComparison.Ordinal))
            .ShouldSatisfyAllConditions(cookie => cookie.ShouldContain("httponly"), cookie => cookie.ShouldContain("samesite=lax"),
                cookie => cookie.ShouldContain("path=/"));
        var me = (await browser.GetAsync("/api/auth/me")).Json;
        me.GetProperty("id").GetInt64().ShouldBe(account.Id);
        me.GetProperty("email").GetString().ShouldBe(account.Email);
        me.GetProperty("isSystemAdmin").GetBoolean().ShouldBeFalse();
        me.GetProperty("memberships").EnumerateArray()
            .Select(membership => (membership.GetProperty("businessId").GetInt64(), membership.GetProperty("role").GetString()))
            .ShouldBe([(1, "owner"), (2, "member")]);
    }

    [Fact]
    public async Task Unknown_account_and_wrong_password_get_the_same_answer()
    {
        var account = await Api.Accounts.CreateAsync();
        using var browser = Api.CreateClient();

        var wrong = await browser.PostAsync("/api/auth/login", new { email = account.Email, password = "not the password" });
        var unknown = await browser.PostAsync(
            "/api/auth/login", new { email = "nobody-at-all@example.com", password = "not the password" });

        wrong.Status.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Problem.ShouldBe("invalid-credentials");
        unknown.WithoutTrace.ShouldBe(wrong.WithoutTrace);
        unknown.Headers.Select(header => header.Key).ShouldBe(wrong.Headers.Select(header => header.Key), ignoreOrder: true);
    }

    [Theory]
    [InlineData(null, "a password of the tests", "email")]
    [InlineData("noa\0@example.com", "a password of the tests", "email")]
    [InlineData(" ", "a password of the tests", "email")]
    [InlineData("noa@example.com", null, "password")]
    [InlineData("noa@example.com", "", "password")]
    public async Task Missing_field_is_named(string? email, string? password, string field)
    {
        using var browser = Api.CreateClient();

        var answer = await browser.PostAsync("/api/auth/login", new { email, password });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Problem.ShouldBe("validation");
        answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task Request_without_login_is_told_how_to_log_in()
    {
        using var client = Api.CreateClient();

        var answer = await client.GetAsync("/api/auth/me");

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Problem.ShouldBe("not-authenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task Logout_ends_the_session_even_for_a_copy_of_the_cookie()
    {
        using var browser = await Api.LogInAsync(await Api.Accounts.CreateAsync());
        var cookie = browser.Cookies.GetCookieHeader(Api.Service.Http.BaseAddress!);

        (await browser.PostAsync("/api/auth/logout")).Status.ShouldBe(HttpStatusCode.NoContent);

        using var thief = Api.CreateClient();
        var answer = await thief.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Cookie", cookie));
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Unsafe_request_with_a_cookie_needs_the_antiforgery_token()
    {
        using var browser = await Api.LogInAsync(await Api.Accounts.CreateAsync());
        browser.Headers.Remove(ApiClient.AntiforgeryHeader);

        var without = await browser.PostAsync("/api/auth/logout");

        without.Status.ShouldBe(HttpStatusCode.BadRequest);
        without.Problem.ShouldBe("antiforgery");
        var token = (await browser.GetAsync("/api/auth/me")).Json.GetProperty("antiforgeryToken").GetString()!;
        (await browser.SendAsync(HttpMethod.Post, "/api/auth/logout", body: null, (ApiClient.AntiforgeryHeader, token))).Status
            .ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Login_replaces_the_session_the_browser_had()
    {
        var account = await Api.Accounts.CreateAsync();
        using var browser = await Api.LogInAsync(account);
        var before = browser.Cookies.GetCookieHeader(Api.Service.Http.BaseAddress!);

        await browser.LogInAsync(account.Email, account.Password);

        (await browser.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        using var old = Api.CreateClient();
        (await old.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Cookie", before))).Problem.ShouldBe("session-ended");
        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM account_sessions WHERE account_id = {account.Id}"))
            .ShouldBe(1);
    }
}
