using ProSaas.Api.Http;
using ProSaas.Tests.Conversations;

namespace ProSaas.Tests.Security;

/// <summary>What was done and refused can be found afterwards, with who did it and where from.</summary>
public sealed class TraceTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Failed_login_is_logged_alike_for_known_and_unknown_addresses_without_the_address()
    {
        var known = await Api.Accounts.CreateAsync();
        var unknown = $"{Guid.NewGuid():N}@example.com";
        using var client = Api.CreateClient();

        foreach (var email in (string[])[known.Email, unknown])
        {
            (await client.PostAsync("/api/auth/login", new { email, password = "wrong" })).Problem.ShouldBe("invalid-credentials");
            await Api.Service.UntilLineAsync(
                $"Login failed: wrong e-mail address or password (address {AuditLog.HashOf(email)}, from 127.0.0.1) [trace ");
        }

        Api.Service.Lines.Where(line => line.Contains(known.Email, StringComparison.OrdinalIgnoreCase)
            || line.Contains(unknown, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Limited_login_is_logged()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var client = Api.CreateClient();
        ApiAnswer answer;
        do
        {
            answer = await client.PostAsync("/api/auth/login", new { email, password = "wrong" });
        }
        while (answer.Status is HttpStatusCode.Unauthorized);

        answer.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        await Api.Service.UntilLineAsync(answer.Problem is "too-many-attempts"
            ? $"too many attempts with one e-mail address (address {AuditLog.HashOf(email)}, from 127.0.0.1)"
            : "too many requests of one client to /api/auth/login");
    }

    [Fact]
    public async Task Account_is_traced_from_its_making_to_its_end()
    {
        using var admin = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = await admin.PostAsync(
            "/api/accounts", new { email, name = "Noa Levi", password = "kettle orbit mango nine", isSystemAdmin = false });
        var id = made.Json.GetProperty("id").GetInt64();
        using var client = Api.CreateClient();
        await client.LogInAsync(email, "kettle orbit mango nine");
        await client.PostAsync(
            "/api/auth/password", new { currentPassword = "kettle orbit mango nine", newPassword = "mango nine kettle orbit" });
        await admin.PostAsync($"/api/accounts/{id}/disable");
        await admin.PostAsync($"/api/accounts/{id}/enable");

        foreach (var trace in (string[])["was made by", "logged in", "has a new password", "was disabled by", "was enabled by"])
        {
            await Api.Service.UntilLineAsync($"Account {id} {trace}");
        }

        Api.Service.Lines.Where(line => line.Contains($"Account {id} ", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Contains("from 127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_authorisation_is_logged_with_path_account_and_network()
    {
        using var business = await TestConversations.CreateBusinessAsync(Api);
        var account = await Api.Accounts.CreateAsync(memberships: [(business.Id, "member")]);
        using var member = await Api.LogInAsync(account);

        (await member.PostAsync($"{business.Path}/deactivate")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.PostAsync("/api/accounts", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.GetAsync("/api/businesses/1/conversations")).Status.ShouldBe(HttpStatusCode.NotFound);

        string[] refusals = ["/deactivate was answered 403", "/api/accounts/ was answered 403", "/conversations/ was answered 404"];
        foreach (var refused in refusals)
        {
            await Api.Service.UntilLineAsync($"{refused} to account {account.Id}, from 127.0.0.1");
        }
    }

    [Fact]
    public async Task Administrator_who_reads_a_business_conversations_is_in_its_audit_and_its_people_are_not()
    {
        using var business = await TestConversations.CreateBusinessAsync(Api);
        await using var replica = new Replica(Api.Database.Owner);
        await replica.AnswerAsync(Replica.Message("hello", customer: "+972501112222", business: business.Id), "hi");
        using var admin = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
        var owner = await business.OwnerAsync();

        foreach (var client in (ApiClient[])[admin, owner, admin])
        {
            var list = await client.GetAsync($"{business.Path}/conversations");
            var id = list.Json.GetProperty("items")[0].GetProperty("id").GetInt64();
            foreach (var path in (string[])[$"conversations/{id}", "contacts", "owner-messages"])
            {
                (await client.GetAsync($"{business.Path}/{path}")).Status.ShouldBe(HttpStatusCode.OK);
            }
        }

        var contact = (await owner.GetAsync($"{business.Path}/contacts")).Json.GetProperty("items")[0].GetProperty("id").GetInt64();
        (await owner.GetAsync($"{business.Path}/contacts/{contact}/export")).Status.ShouldBe(HttpStatusCode.OK);
        (await Database.ColumnAsync(
            Api.Database.Owner,
            $"SELECT action FROM audit_entries WHERE business_id = {business.Id} AND action ~ 'read|export' AND client_address = '127.0.0.1' ORDER BY id"))
            .ShouldBe(["conversations.read", "conversation.read", "contacts.read", "owner_messages.read", "contact.exported"]);
        (await admin.GetAsync("/api/businesses/999999/conversations")).Status.ShouldNotBe(HttpStatusCode.InternalServerError);
    }
}
