namespace ProSaas.Tests.Accounts;

public sealed class PasswordChangeTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    private const string NewPassword = "kettle orbit mango nine";

    [Fact]
    public async Task Change_ends_the_other_sessions_and_keeps_this_one()
    {
        var account = await Api.Accounts.CreateAsync();
        using var browser = await Api.LogInAsync(account);
        using var other = await Api.LogInAsync(account);
        using var program = Api.CreateClient();
        var tokens = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });
        program.Headers.Authorization = new("Bearer", tokens.Json.GetProperty("accessToken").GetString());

        var answer = await browser.PostAsync("/api/auth/password", new { currentPassword = account.Password, newPassword = NewPassword });

        answer.Status.ShouldBe(HttpStatusCode.NoContent, answer.Text);
        (await browser.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await other.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
        (await program.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
        (await program.PostAsync("/api/auth/refresh", new { refreshToken = tokens.Json.GetProperty("refreshToken").GetString() })).Problem
            .ShouldBe("invalid-refresh-token");
        (await other.PostAsync("/api/auth/login", new { account.Email, account.Password })).Problem.ShouldBe("invalid-credentials");
        await other.LogInAsync(account.Email, NewPassword);
    }

    [Theory]
    [InlineData("/api/auth/login", "UPDATE accounts SET security_stamp = 'another' WHERE id = {0}")]
    [InlineData("/api/auth/token", "UPDATE accounts SET security_stamp = 'another' WHERE id = {0}")]
    [InlineData("/api/auth/login", "UPDATE accounts SET disabled_at = now() WHERE id = {0}")]
    public async Task Login_that_was_begun_before_a_change_does_not_survive_it(string path, string change)
    {
        var account = await Api.Accounts.CreateAsync();
        using var client = Api.CreateClient();
        await using var changing = await Database.OpenAsync(Api.Database.Owner);
        await Database.ExecuteAsync(changing, string.Format(
            CultureInfo.InvariantCulture, $"BEGIN; {change}; LOCK TABLE account_sessions IN EXCLUSIVE MODE", account.Id));

        var login = client.PostAsync(path, new { account.Email, account.Password });
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(
                Api.Database.Owner,
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {changing.ProcessID} = ANY(pg_blocking_pids(pid)))"),
            "the login waits for the change");
        await Database.ExecuteAsync(changing, "COMMIT");

        (await login).Status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM account_sessions WHERE account_id = {account.Id}"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Two_changes_at_once_leave_the_session_of_one()
    {
        var account = await Api.Accounts.CreateAsync();
        using var one = await Api.LogInAsync(account);
        using var other = await Api.LogInAsync(account);

        var answers = await Task.WhenAll(ChangeAsync(one, NewPassword), ChangeAsync(other, "nine mango orbit kettle"));

        answers.Count(answer => answer.Status is HttpStatusCode.NoContent).ShouldBe(1);
        var sessions = new[] { (await one.GetAsync("/api/auth/me")).Status, (await other.GetAsync("/api/auth/me")).Status };
        sessions.Count(status => status is HttpStatusCode.OK).ShouldBe(1);

        Task<ApiAnswer> ChangeAsync(ApiClient browser, string newPassword) =>
            browser.PostAsync("/api/auth/password", new { currentPassword = account.Password, newPassword });
    }

    [Theory]
    [InlineData("wrong", NewPassword, "currentPassword")]
    [InlineData("", NewPassword, "currentPassword")]
    [InlineData(TestAccounts.Password, "", "newPassword")]
    [InlineData(TestAccounts.Password, "too short", "newPassword")]
    [InlineData(TestAccounts.Password, "qwerty123456", "newPassword")]
    [InlineData(TestAccounts.Password, "noa levi 2026", "newPassword")]
    [InlineData(TestAccounts.Password, "מרפאת שיניים חיוך!", "newPassword")]
    [InlineData(TestAccounts.Password, TestAccounts.Password, "newPassword")]
    public async Task Change_that_breaks_a_rule_names_the_field_and_changes_nothing(
        string currentPassword, string newPassword, string field)
    {
        var account = await Api.Accounts.CreateAsync(memberships: (1, "owner"));
        using var browser = await Api.LogInAsync(account);

        var answer = await browser.PostAsync("/api/auth/password", new { currentPassword, newPassword });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        await browser.LogInAsync(account.Email, account.Password);
    }
}
