namespace ProSaas.Tests.Accounts;

public sealed class KeySecretTests(PostgresFixture postgres)
{
    private const string Name = "DATA_PROTECTION_SECRET";
    private const string Keys = "SELECT string_agg(xml, '') FROM data_protection_keys";

    private static readonly string Secret = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Keys_are_encrypted_by_the_secret_shared_by_replicas_and_useless_without_it()
    {
        await using var api = await TestApi.StartAsync(postgres, (Name, Secret));
        var account = await api.Accounts.CreateAsync();
        using var browser = await api.LogInAsync(account);
        var cookie = browser.Cookies.GetCookieHeader(api.Service.Http.BaseAddress!);

        var xml = (await Database.ScalarAsync<string>(api.Database.Owner, Keys))!;
        xml.ShouldContain("encryptedSecret");
        xml.ShouldNotContain("masterKey");
        xml.ShouldNotContain(Secret);
        api.Service.Lines.ShouldNotContain(line => line.Contains(Name, StringComparison.Ordinal));
        await using var other = await TestApi.StartAsync(api.Database, (Name, Secret));
        (await MeAsync(other, cookie)).ShouldBe(HttpStatusCode.OK);

        await RefusedAsync(api.Database, "DATA_PROTECTION_SECRET is not the one that encrypted",
            (Name, Guid.NewGuid().ToString("N")));
        await RefusedAsync(api.Database, "DATA_PROTECTION_SECRET is not set, and encrypted");
        (await MeAsync(api, cookie)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_without_the_secret_is_warned_of_and_keys_of_before_are_still_read()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        string cookie;
        await using (var api = await TestApi.StartAsync(database))
        {
            await api.Service.UntilLineAsync("DATA_PROTECTION_SECRET is not set");
            using var browser = await api.LogInAsync(await api.Accounts.CreateAsync());
            cookie = browser.Cookies.GetCookieHeader(api.Service.Http.BaseAddress!);
        }

        await using var later = await TestApi.StartAsync(database, (Name, Secret));

        (await MeAsync(later, cookie)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> MeAsync(TestApi api, string cookie)
    {
        using var client = api.CreateClient();
        return (await client.SendAsync(HttpMethod.Get, "/api/auth/me", body: null, ("Cookie", cookie))).Status;
    }

    private static async Task RefusedAsync(TestDatabase database, string expected, params (string Name, string Value)[] settings)
    {
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment([("Health__DrainDelay", "00:00:00"), .. settings]));

        (await api.WaitForExitAsync()).ShouldBe(78);

        api.Lines.ShouldContain(line =>
            line.Contains("ERROR", StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
    }
}
