namespace ProSaas.Tests.Businesses;

public sealed class MemberTests(PostgresFixture postgres, ApiFixture fixture) : OneBusinessTests(postgres, fixture)
{
    [Fact]
    public async Task Owner_adds_a_member_who_is_in_at_once_and_out_at_once()
    {
        var owner = await Business.OwnerAsync();
        var account = await Business.Api.Accounts.CreateAsync();
        using var client = await Business.Api.LogInAsync(account);
        (await client.GetAsync(Business.Path)).Status.ShouldBe(HttpStatusCode.NotFound);

        var added = await owner.PostAsync($"{Business.Path}/members", new { email = account.Email.ToUpperInvariant(), role = "member" });
        added.Status.ShouldBe(HttpStatusCode.Created, added.Text);
        (added.Json.GetProperty("accountId").GetInt64(), added.Json.GetProperty("role").GetString()).ShouldBe((account.Id, "member"));
        (await client.GetAsync(Business.Path)).Status.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync($"{Business.Path}/members")).Json.GetProperty("items").EnumerateArray()
            .Select(member => member.GetProperty("role").GetString()).ShouldBe(["owner", "member"], ignoreOrder: true);
        (await client.GetAsync($"{Business.Path}/audit")).Problem.ShouldBe("owners-only");

        (await owner.SendAsync(HttpMethod.Put, $"{Business.Path}/members/{account.Id}", new { role = "owner" })).Status
            .ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync($"{Business.Path}/audit")).Status.ShouldBe(HttpStatusCode.OK);

        (await owner.SendAsync(HttpMethod.Delete, $"{Business.Path}/members/{account.Id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync(Business.Path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Member_cannot_make_themselves_or_others_owners()
    {
        var member = await Business.MemberAsync();
        var self = (await member.GetAsync("/api/auth/me")).Json.GetProperty("id").GetInt64();

        (await member.SendAsync(HttpMethod.Put, $"{Business.Path}/members/{self}", new { role = "owner" })).Problem.ShouldBe("owners-only");
        (await member.PostAsync($"{Business.Path}/members", new { email = "x@example.com", role = "owner" })).Problem
            .ShouldBe("owners-only");
    }

    [Fact]
    public async Task Last_owner_stays_an_owner()
    {
        var owner = await Business.OwnerAsync();
        var self = (await owner.GetAsync("/api/auth/me")).Json.GetProperty("id").GetInt64();

        var removed = await owner.SendAsync(HttpMethod.Delete, $"{Business.Path}/members/{self}");
        var lowered = await owner.SendAsync(HttpMethod.Put, $"{Business.Path}/members/{self}", new { role = "member" });

        (removed.Status, removed.Problem).ShouldBe((HttpStatusCode.Conflict, "last-owner"));
        (lowered.Status, lowered.Problem).ShouldBe((HttpStatusCode.Conflict, "last-owner"));
    }

    [Fact]
    public async Task Of_two_owners_who_remove_each_other_one_stays()
    {
        await Business.OwnerAsync();
        await Business.OwnerAsync();
        var owners = (await Admin.GetAsync($"{Business.Path}/members")).Json
            .GetProperty("items").EnumerateArray().Select(member => member.GetProperty("accountId").GetInt64()).ToList();

        var answers = await Task.WhenAll(owners.Select(owner => Admin.SendAsync(HttpMethod.Delete, $"{Business.Path}/members/{owner}")));

        answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict], ignoreOrder: true);
    }

    [Fact]
    public async Task Address_without_account_a_role_that_is_none_and_a_second_membership_are_refused()
    {
        var account = await Business.Api.Accounts.CreateAsync(memberships: [(Business.Id, "member")]);

        var nobody = await Admin.PostAsync($"{Business.Path}/members", new { email = "nobody@example.com", role = "member" });
        var wrongRole = await Admin.PostAsync($"{Business.Path}/members", new { email = account.Email, role = "system_admin" });
        var again = await Admin.PostAsync($"{Business.Path}/members", new { email = account.Email, role = "owner" });

        nobody.Json.GetProperty("errors").TryGetProperty("email", out _).ShouldBeTrue();
        wrongRole.Json.GetProperty("errors").TryGetProperty("role", out _).ShouldBeTrue();
        (again.Status, again.Problem).ShouldBe((HttpStatusCode.Conflict, "already-member"));
    }

    [Fact]
    public async Task Member_of_another_business_is_out_of_reach_through_ones_own()
    {
        var owner = await Business.OwnerAsync();
        var theirs = await Business.Api.Accounts.CreateAsync(memberships: [(2, "owner"), (3, "member")]);

        (await owner.SendAsync(HttpMethod.Delete, $"{Business.Path}/members/{theirs.Id}")).Problem.ShouldBe("not-found");
        (await owner.SendAsync(HttpMethod.Put, $"{Business.Path}/members/{theirs.Id}", new { role = "member" })).Problem
            .ShouldBe("not-found");
        (await Database.ScalarAsync<long>(
            Business.Api.Database.Owner, $"SELECT count(*) FROM business_members WHERE account_id = {theirs.Id}")).ShouldBe(2);
    }
}
