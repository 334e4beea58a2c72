using ProSaas.Tests.Businesses;

namespace ProSaas.Tests.Accounts;

public sealed class AccountErasureTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Account_is_erased_with_its_sessions_and_its_address_in_every_audit()
    {
        var (business, admin) = await TestBusiness.CreateAsync(Api);
        using var both = business;
        using var other = admin;
        await business.OwnerAsync();
        var gone = await Api.Accounts.CreateAsync(memberships: [(business.Id, "owner")]);
        using var client = await Api.LogInAsync(gone);
        using var program = Api.CreateClient();
        (await program.PostAsync("/api/auth/token", new { email = gone.Email, password = gone.Password })).Status
            .ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync($"{business.Path}/faq", new { question = "Open?", answer = "Yes.", position = 1 })).Status
            .ShouldBe(HttpStatusCode.Created);

        (await admin.SendAsync(HttpMethod.Delete, $"/api/accounts/{gone.Id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await client.GetAsync("/api/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await admin.SendAsync(HttpMethod.Delete, $"/api/accounts/{gone.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var table in (string[])["account_sessions", "business_members", "known_networks"])
        {
            (await Database.ScalarAsync<long>(Api.Database.Owner, $"SELECT count(*) FROM {table} WHERE account_id = {gone.Id}"))
                .ShouldBe(0, table);
        }

        (await Database.ColumnAsync(
            Api.Database.Owner, $"SELECT DISTINCT account_email FROM audit_entries WHERE account_id = {gone.Id}"))
            .ShouldBe([$"account {gone.Id}"]);
        (await Database.ColumnAsync(
            Api.Database.Owner, $"SELECT action FROM audit_entries WHERE business_id = {business.Id} AND subject_id = {gone.Id}"))
            .ShouldContain("account.erased");
        await Api.Service.UntilLineAsync($"Account {gone.Id} was erased by account ");
    }

    [Fact]
    public async Task Own_account_and_a_last_owner_are_not_erased()
    {
        var (business, admin) = await TestBusiness.CreateAsync(Api);
        using var both = business;
        using var other = admin;
        var owner = await Api.Accounts.CreateAsync(memberships: [(business.Id, "owner")]);
        var self = (await admin.GetAsync("/api/auth/me")).Json.GetProperty("id").GetInt64();

        (await admin.SendAsync(HttpMethod.Delete, $"/api/accounts/{self}")).Problem.ShouldBe("own-account");
        var refused = await admin.SendAsync(HttpMethod.Delete, $"/api/accounts/{owner.Id}");
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.Conflict, "last-owner"));
        refused.Text.ShouldContain($"business {business.Id}");

        await Api.Accounts.CreateAsync(memberships: [(business.Id, "owner")]);
        (await admin.SendAsync(HttpMethod.Delete, $"/api/accounts/{owner.Id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }
}
