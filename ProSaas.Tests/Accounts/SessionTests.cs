using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Data.Accounts;

namespace ProSaas.Tests.Accounts;

public sealed class SessionTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Disabled_account_is_out_at_once_cookie_and_token()
    {
        using var admin = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
        var account = await Api.Accounts.CreateAsync();
        using var browser = await Api.LogInAsync(account);
        using var program = Api.CreateClient();
        var tokens = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });
        program.Headers.Authorization = new("Bearer", tokens.Json.GetProperty("accessToken").GetString());

        (await admin.PostAsync($"/api/accounts/{account.Id}/disable")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await browser.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
        (await program.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
        (await program.PostAsync("/api/auth/refresh", new { refreshToken = tokens.Json.GetProperty("refreshToken").GetString() })).Problem
            .ShouldBe("invalid-refresh-token");
        var login = await browser.PostAsync("/api/auth/login", new { account.Email, account.Password });
        (login.Status, login.Problem).ShouldBe((HttpStatusCode.Forbidden, "account-disabled"));
        (await browser.PostAsync("/api/auth/login", new { account.Email, password = "not the password" })).Problem
            .ShouldBe("invalid-credentials");
        (await admin.PostAsync($"/api/accounts/{account.Id}/enable")).Status.ShouldBe(HttpStatusCode.NoContent);
        await browser.LogInAsync(account.Email, account.Password);
    }

    [Fact]
    public async Task Account_disabled_in_the_database_alone_is_out_too()
    {
        var account = await Api.Accounts.CreateAsync();
        using var browser = await Api.LogInAsync(account);

        await Api.Accounts.DisableAsync(account);

        (await browser.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Idle_session_ends_and_a_used_one_is_put_off_but_not_past_its_end()
    {
        var account = await Api.Accounts.CreateAsync();
        using var browser = await Api.LogInAsync(account);

        await SetAsync("expires_at = now() + interval '1 minute'");
        (await browser.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await LeftAsync()).ShouldBeInRange(119, 120);

        await SetAsync("expires_at = now() + interval '1 minute', ends_at = now() + interval '30 minutes'");
        (await browser.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await LeftAsync()).ShouldBeInRange(29, 30);

        await SetAsync("expires_at = now() - interval '1 second'");
        (await browser.GetAsync("/api/auth/me")).Problem.ShouldBe("session-ended");

        Task SetAsync(string what) =>
            Database.ExecuteAsync(Api.Database.Owner, $"UPDATE account_sessions SET {what} WHERE account_id = {account.Id}");
        Task<double> LeftAsync() => Database.ScalarAsync<double>(
            Api.Database.Owner,
            $"SELECT extract(epoch FROM expires_at - now())::float8 / 60 FROM account_sessions WHERE account_id = {account.Id}");
    }

    [Fact]
    public async Task Only_administrators_of_the_platform_make_accounts()
    {
        using var admin = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
        using var owner = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: (1, "owner")));
        using var stranger = Api.CreateClient();
        var account = new { email = $"{Guid.NewGuid():N}@example.com", name = "Dan Cohen", password = "kettle orbit mango nine" };

        (await stranger.PostAsync("/api/accounts", account)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var refused = await owner.PostAsync("/api/accounts", account);
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.Forbidden, "not-allowed"));
        (await admin.PostAsync("/api/accounts", account)).Status.ShouldBe(HttpStatusCode.Created);
        (await admin.PostAsync("/api/accounts", account)).Problem.ShouldBe("email-taken");
        await stranger.LogInAsync(account.email, account.password);
        (await admin.PostAsync("/api/accounts", account with { email = "none", password = "short" })).Json
            .GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["email", "password"]);
    }

    [Fact]
    public async Task Hash_with_less_work_than_today_is_renewed_at_login()
    {
        var old = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordHashing.Iterations / 2 }))
            .HashPassword(new Account(), TestAccounts.Password);
        var account = await Api.Accounts.CreateAsync(passwordHash: old);
        using var browser = await Api.LogInAsync(account);

        var renewed = Convert.FromBase64String(
            (await Database.ScalarAsync<string>(Api.Database.Owner, $"SELECT password_hash FROM accounts WHERE id = {account.Id}"))!);

        // Identity's format: version, then as big-endian numbers the pseudo-random function (2 is HMAC-SHA512) and the iterations.
        renewed[0].ShouldBe((byte)1);
        BinaryPrimitives.ReadUInt32BigEndian(renewed.AsSpan(1)).ShouldBe(2u);
        BinaryPrimitives.ReadUInt32BigEndian(renewed.AsSpan(5)).ShouldBe(210_000u);
        await browser.LogInAsync(account.Email, account.Password);
    }
}
