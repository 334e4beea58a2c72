namespace ProSaas.Tests.Accounts;

public sealed class TokenTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Access_token_lets_a_program_in_without_cookie_or_antiforgery()
    {
        var account = await Api.Accounts.CreateAsync();
        using var program = Api.CreateClient();

        var answer = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.SetCookies.ShouldBeEmpty();
        answer.Headers.CacheControl?.NoStore.ShouldBe(true);
        answer.Json.GetProperty("tokenType").GetString().ShouldBe("Bearer");
        answer.Json.GetProperty("expiresIn").GetInt32().ShouldBeInRange(290, 300);
        Use(program, answer);
        var me = await program.GetAsync("/api/auth/me");
        me.Json.GetProperty("id").GetInt64().ShouldBe(account.Id);
        me.Json.TryGetProperty("antiforgeryToken", out _).ShouldBeFalse();
        (await program.PostAsync("/api/auth/logout")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await program.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Refresh_token_gives_the_next_one_and_ends_the_whole_family_when_it_comes_again_later()
    {
        using var program = Api.CreateClient();
        var first = await LogInAsync(program, await Api.Accounts.CreateAsync());
        var second = await RefreshAsync(program, await RefreshAsync(program, first));
        Use(program, second);
        (await program.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        await PassAsync(first, seconds: 11);

        var replay = await RefreshAsync(program, first);

        replay.Status.ShouldBe(HttpStatusCode.Unauthorized);
        replay.Problem.ShouldBe("invalid-refresh-token");
        (await RefreshAsync(program, second)).Problem.ShouldBe("invalid-refresh-token");
        (await program.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Refresh_token_that_comes_many_times_at_once_has_one_successor_on_every_replica()
    {
        await using var other = await TestApi.StartAsync(Api.Database);
        using var program = Api.CreateClient();
        using var elsewhere = other.CreateClient();
        var first = await LogInAsync(program, await Api.Accounts.CreateAsync());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(number => RefreshAsync(number % 2 is 0 ? program : elsewhere, first)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var next = answers.Select(TokenOf).Distinct().ShouldHaveSingleItem();
        next.ShouldNotBe(TokenOf(first));
        foreach (var answer in (ApiAnswer[])[answers[0], answers[^1]])
        {
            Use(elsewhere, answer);
            (await elsewhere.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await RefreshAsync(program, answers[1])).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_whose_answer_was_lost_is_answered_alike_for_ten_seconds()
    {
        using var program = Api.CreateClient();
        var first = await LogInAsync(program, await Api.Accounts.CreateAsync());
        var lost = await RefreshAsync(program, first);

        await PassAsync(first, seconds: 8);
        var retried = await RefreshAsync(program, first);

        TokenOf(retried).ShouldBe(TokenOf(lost));
        (await RefreshAsync(program, retried)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Used_refresh_token_and_the_database_are_both_needed_for_its_successor()
    {
        using var program = Api.CreateClient();
        var first = await LogInAsync(program, await Api.Accounts.CreateAsync());
        var next = TokenOf(await RefreshAsync(program, first));

        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM refresh_tokens t WHERE t::text LIKE '%{next}%'"))
            .ShouldBe(0);
        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM refresh_tokens WHERE hash = sha256('{next}')"))
            .ShouldBe(1);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "validation")]
    [InlineData("never given to anybody", HttpStatusCode.Unauthorized, "invalid-refresh-token")]
    public async Task Refresh_token_nobody_gave_is_refused(string token, HttpStatusCode status, string problem)
    {
        using var program = Api.CreateClient();

        var answer = await program.PostAsync("/api/auth/refresh", new { refreshToken = token });

        (answer.Status, answer.Problem).ShouldBe((status, problem));
    }

    [Fact]
    public async Task Forged_access_token_is_refused_and_does_not_fall_back_on_the_cookie()
    {
        using var browser = await Api.LogInAsync(await Api.Accounts.CreateAsync());

        var answer = await browser.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Authorization", "Bearer forged"));

        answer.Problem.ShouldBe("session-ended");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
    }

    [Fact]
    public async Task Database_has_no_refresh_token_that_could_be_used()
    {
        using var program = Api.CreateClient();
        var token = (await LogInAsync(program, await Api.Accounts.CreateAsync())).Json.GetProperty("refreshToken").GetString();

        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM refresh_tokens WHERE hash = sha256('{token}')"))
            .ShouldBe(1);
        (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM refresh_tokens t WHERE t::text LIKE '%{token}%'"))
            .ShouldBe(0);
    }

    private static async Task<ApiAnswer> LogInAsync(ApiClient program, TestAccount account)
    {
        var answer = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private static Task<ApiAnswer> RefreshAsync(ApiClient program, ApiAnswer last) =>
        program.PostAsync("/api/auth/refresh", new { refreshToken = last.Json.GetProperty("refreshToken").GetString() });

    private static string TokenOf(ApiAnswer answer) => answer.Json.GetProperty("refreshToken").GetString()!;

    private Task PassAsync(ApiAnswer used, int seconds) => Database.ExecuteAsync(
        Api.Database.Owner,
        $"UPDATE refresh_tokens SET used_at = used_at - interval '{seconds} seconds' WHERE hash = sha256('{TokenOf(used)}')");

    private static void Use(ApiClient program, ApiAnswer answer) =>
        program.Headers.Authorization = new("Bearer", answer.Json.GetProperty("accessToken").GetString());
}
