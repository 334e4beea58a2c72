namespace ProSaas.Tests.Accounts;

/// <summary>A stranger fails to log in as somebody else, from one network or many, on two replicas.</summary>
public sealed class LockoutTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Stranger = "203.0.113.1";
    private const string Wrong = "not the password";

    private static readonly (string, string)[] Settings =
        [("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), ("Login__MaxFailures", "3")];

    private TestApi _api = null!;
    private TestApi _other = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await TestApi.StartAsync(postgres, Settings);
        _other = await TestApi.StartAsync(_api.Database, Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Stranger_who_is_locked_out_locks_out_nobody_else()
    {
        var account = await _api.Accounts.CreateAsync();
        using var browser = From(_api, "198.51.100.7");
        await browser.LogInAsync(account.Email, account.Password);

        (await FailAsync(account.Email, Enumerable.Repeat(Stranger, 5)))
            .ShouldBe(["invalid-credentials", "invalid-credentials", "invalid-credentials", "too-many-attempts", "too-many-attempts"]);

        using var unknown = From(_other, "192.0.2.1");
        (await TokenAsync(unknown, account)).Status.ShouldBe(HttpStatusCode.OK);
        using var neighbour = From(_other, Stranger);
        (await TokenAsync(neighbour, account)).Problem.ShouldBe("too-many-attempts");
        Move(browser, Stranger);
        await browser.LogInAsync(account.Email, account.Password);
    }

    [Fact]
    public async Task Account_under_attack_from_many_networks_is_slowed_and_never_shut()
    {
        var account = await _api.Accounts.CreateAsync();
        using var browser = From(_api, "198.51.100.7");
        await browser.LogInAsync(account.Email, account.Password);
        using var program = From(_api, "198.51.100.8");
        (await TokenAsync(program, account)).Status.ShouldBe(HttpStatusCode.OK);

        var known = await FailAsync(account.Email, Networks(1, 40));
        var unknown = await FailAsync("nobody-at-all@example.com", Networks(1, 40));

        known.Count(problem => problem is "invalid-credentials").ShouldBe(6);
        known.Skip(6).ShouldAllBe(problem => problem == "too-many-attempts");
        unknown.ShouldBe(known);
        (await TokenAsync(program, account)).Status.ShouldBe(HttpStatusCode.OK, "its network is known");
        Move(browser, "192.0.2.9");
        await browser.LogInAsync(account.Email, account.Password);

        using var traveller = From(_other, "192.0.2.77");
        var told = await TokenAsync(traveller, account);
        told.Problem.ShouldBe("too-many-attempts");
        int.Parse(told.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
        await FailAsync(account.Email, Networks(41, 60));
        (await TokenAsync(traveller, account)).Problem.ShouldBe("too-many-attempts", "the wait is not over");
        await PassAsync("1 minute");
        (await TokenAsync(traveller, account)).Status.ShouldBe(HttpStatusCode.OK);
        (await FailAsync(account.Email, ["203.0.113.41", "203.0.113.41"])).ShouldBe(["invalid-credentials", "too-many-attempts"]);
    }

    [Fact]
    public async Task Network_is_one_IPv4_address_or_one_IPv6_64_however_it_is_written()
    {
        var account = await _api.Accounts.CreateAsync();

        (await FailAsync(account.Email, ["2001:db8:1:2::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2:1:2:3:4", "2001:db8:1:2::9"]))
            .ShouldBe(["invalid-credentials", "invalid-credentials", "invalid-credentials", "too-many-attempts"]);
        var another = await _api.Accounts.CreateAsync();
        (await FailAsync(another.Email, ["203.0.113.9", "::ffff:203.0.113.9", "::ffff:cb00:7109", "203.0.113.9"]))
            .ShouldBe(["invalid-credentials", "invalid-credentials", "invalid-credentials", "too-many-attempts"]);
    }

    [Fact]
    public async Task Device_that_is_known_is_one_accounts_and_ends_with_the_password()
    {
        var account = await _api.Accounts.CreateAsync();
        var colleague = await _api.Accounts.CreateAsync();
        using var old = From(_api, "198.51.100.7");
        await old.LogInAsync(account.Email, account.Password);
        using var browser = From(_api, "198.51.100.8");
        await browser.LogInAsync(account.Email, account.Password);
        (await browser.PostAsync(
            "/api/auth/password", new { currentPassword = account.Password, newPassword = "kettle orbit mango nine" })).Status
            .ShouldBe(HttpStatusCode.NoContent);
        await FailAsync(account.Email, Networks(1, 20));
        await FailAsync(colleague.Email, Networks(1, 20));

        (await LogInAsync(old, account.Email, "kettle orbit mango nine")).Problem.ShouldBe("too-many-attempts");
        await browser.LogInAsync(account.Email, "kettle orbit mango nine");
        (await LogInAsync(browser, colleague.Email, colleague.Password)).Problem.ShouldBe("too-many-attempts");
        await PassAsync("1 minute");
        await browser.LogInAsync(colleague.Email, colleague.Password);
        Move(browser, "192.0.2.10");
        await browser.LogInAsync(account.Email, "kettle orbit mango nine");
        await browser.LogInAsync(colleague.Email, colleague.Password);
    }

    [Fact]
    public async Task Known_device_gets_no_more_guesses_than_a_network()
    {
        var account = await _api.Accounts.CreateAsync();
        using var browser = From(_api, "198.51.100.7");
        await browser.LogInAsync(account.Email, account.Password);

        var problems = new List<string?>();
        foreach (var network in Networks(1, 5))
        {
            Move(browser, network);
            problems.Add((await LogInAsync(browser, account.Email, Wrong)).Problem);
        }

        problems.ShouldBe(["invalid-credentials", "invalid-credentials", "invalid-credentials", "too-many-attempts", "too-many-attempts"]);
    }

    [Fact]
    public async Task Person_who_is_logged_in_changes_the_password_while_strangers_attack()
    {
        var account = await _api.Accounts.CreateAsync();
        using var browser = From(_api, Stranger);
        await browser.LogInAsync(account.Email, account.Password);
        await FailAsync(account.Email, [.. Enumerable.Repeat(Stranger, 5), .. Networks(10, 30)]);

        (await browser.PostAsync(
            "/api/auth/password", new { currentPassword = account.Password, newPassword = "kettle orbit mango nine" })).Status
            .ShouldBe(HttpStatusCode.NoContent);
    }

    private static IEnumerable<string> Networks(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => $"203.0.113.{number}");

    private static ApiClient From(TestApi api, string network)
    {
        var client = api.CreateClient();
        Move(client, network);
        return client;
    }

    private static void Move(ApiClient client, string network)
    {
        client.Headers.Remove("X-Forwarded-For");
        client.Headers.Add("X-Forwarded-For", network);
    }

    private static Task<ApiAnswer> LogInAsync(ApiClient client, string email, string password)
    {
        client.Headers.Remove(ApiClient.AntiforgeryHeader);
        return client.PostAsync("/api/auth/login", new { email, password });
    }

    private static Task<ApiAnswer> TokenAsync(ApiClient client, TestAccount account) =>
        client.PostAsync("/api/auth/token", new { account.Email, account.Password });

    /// <summary>What each wrong password meets, from one network after the other and on one replica after the other.</summary>
    private async Task<List<string?>> FailAsync(string email, IEnumerable<string> networks)
    {
        var problems = new List<string?>();
        foreach (var network in networks)
        {
            using var client = From(problems.Count % 2 is 0 ? _api : _other, network);
            problems.Add((await LogInAsync(client, email, Wrong)).Problem);
        }

        return problems;
    }

    private Task PassAsync(string interval) => Database.ExecuteAsync(
        _api.Database.Owner, $"UPDATE login_failures SET waits_until = waits_until - interval '{interval}'");
}
