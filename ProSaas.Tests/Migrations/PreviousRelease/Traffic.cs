using System.Text.Json.Nodes;
using ProSaas.Api.Accounts.Setup;
using ProSaas.Tests.Businesses;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>What people and programs typically ask of the API, each thing once. A new feature adds its requests here.</summary>
internal static partial class Traffic
{
    private const string Email = "noa@example.com";
    private const string FirstPassword = "kettle orbit mango nine";
    private const string NextPassword = "mango nine kettle orbit";

    /// <summary>A developer's API over the seeded businesses.</summary>
    public static async Task RunAsync(TestDatabase database)
    {
        await using var model = await OpenAiServer.StartAsync();
        await using var baileys = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(database, [.. model.Environment, .. baileys.Environment]);
        await api.Service.UntilLineAsync("agents in ");
        using var admin = api.CreateClient();
        foreach (var path in (string[])["/livez", "/api/health", "/readyz", "/api/startup", "/version"])
        {
            await DoAsync(admin, HttpMethod.Get, path);
        }

        (await admin.PostAsync("/api/auth/login", new { email = DevelopmentAccounts.Administrator, password = "wrong" })).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        await admin.LogInAsync(DevelopmentAccounts.Administrator, DevelopmentAccounts.Password);
        await DoAsync(admin, HttpMethod.Get, "/api/auth/me");
        var made = await DoAsync(
            admin,
            HttpMethod.Post,
            "/api/accounts",
            new { email = Email, name = "Noa Levi", password = FirstPassword, isSystemAdmin = false });
        var account = made.Json.GetProperty("id").GetInt64();
        await RunBusinessAsync(admin, account);
        await RunConversationsAsync(admin, model);
        await RunWhatsAppAsync(api);
        await RunAccountAsync(api);
        await DoAsync(admin, HttpMethod.Post, $"/api/accounts/{account}/disable");
        await DoAsync(admin, HttpMethod.Post, $"/api/accounts/{account}/enable");
        await EraseAsync(api, admin, account);
        await DoAsync(admin, HttpMethod.Post, "/api/auth/logout");
    }

    /// <summary>A production API over a database without accounts, to be set up.</summary>
    public static async Task SetUpAsync(TestDatabase database)
    {
        await using var api = await TestApi.StartAsync(database, ("PRODUCTION", "1"));
        await api.Service.UntilLineAsync("One-time set-up code");
        var code = api.Service.Lines.Select(line => Code().Match(line)).Single(match => match.Success).Groups["code"].Value;
        using var client = api.CreateClient();
        await DoAsync(
            client,
            HttpMethod.Post,
            "/api/auth/setup",
            new { code, email = "first@example.com", name = "Dan Cohen", password = FirstPassword });
    }

    private static async Task RunBusinessAsync(ApiClient admin, long account)
    {
        foreach (var search in (string[])["", "?search=a&limit=2", "?search=050-1234"])
        {
            await DoAsync(admin, HttpMethod.Get, $"/api/businesses{search}");
        }

        var created = await DoAsync(admin, HttpMethod.Post, "/api/businesses", TestBusiness.Body());
        var path = $"/api/businesses/{created.Json.GetProperty("id").GetInt64()}";
        await UpdateAsync(admin, path, "greeting");
        await DoAsync(admin, HttpMethod.Post, $"{path}/deactivate");
        await DoAsync(admin, HttpMethod.Post, $"{path}/activate");

        var entry = await DoAsync(
            admin, HttpMethod.Post, $"{path}/faq", new { question = "Open on Friday?", answer = "Until two.", position = 1 });
        var entryPath = $"{path}/faq/{entry.Json.GetProperty("id").GetInt64()}";
        await DoAsync(admin, HttpMethod.Get, $"{path}/faq");
        await DoAsync(admin, HttpMethod.Get,
            $"{path}/faq?limit=1&cursor={(await admin.GetAsync("/api/businesses?limit=1")).Json.GetProperty("nextCursor").GetString()}");
        await UpdateAsync(admin, entryPath, "answer");
        await DoAsync(admin, HttpMethod.Delete, entryPath);

        await DoAsync(admin, HttpMethod.Post, $"{path}/speech", new { text = "Hello.", language = "en-US", format = "wav" });
        await DoAsync(admin, HttpMethod.Get, "/api/speech/voices");

        var member = await DoAsync(admin, HttpMethod.Post, $"{path}/members", new { email = Email, role = "owner" });
        member.Json.GetProperty("accountId").GetInt64().ShouldBe(account);
        await DoAsync(admin, HttpMethod.Post, $"{path}/members", new { email = DevelopmentAccounts.Member, role = "member" });
        await DoAsync(admin, HttpMethod.Get, $"{path}/members");
        await DoAsync(admin, HttpMethod.Put, $"{path}/members/{account}", new { role = "owner" });
        await DoAsync(admin, HttpMethod.Get, $"{path}/audit");
        await DoAsync(admin, HttpMethod.Get, $"{path}/audit?limit=1");
    }

    /// <summary>A customer whom the agent takes a message of and gives to a person, and who is forgotten in the end.</summary>
    private static async Task RunConversationsAsync(ApiClient admin, OpenAiServer model)
    {
        const string Path = "/api/businesses/1";
        var question = new { customer = "+972545550002", text = "Can somebody call me?" };
        model.Next(
            OpenAiServer.CallsTool("take_message", """{"text":"Call me."}"""),
            OpenAiServer.CallsTool("hand_over"),
            OpenAiServer.Says("I shall tell them."));
        var reply = await DoAsync(admin, HttpMethod.Post, $"{Path}/agents/calls/messages", question);
        await DoAsync(admin, HttpMethod.Post, $"{Path}/agents/calls/messages", question);
        var conversation = $"{Path}/conversations/{reply.Json.GetProperty("conversationId").GetInt64()}";
        await DoAsync(admin, HttpMethod.Post, $"{conversation}/give-back");
        await DoAsync(admin, HttpMethod.Post, $"{Path}/agents/calls/messages", question);

        foreach (var list in (string[])[$"{Path}/conversations", conversation, $"{Path}/owner-messages", $"{Path}/contacts"])
        {
            await DoAsync(admin, HttpMethod.Get, list);
            await DoAsync(admin, HttpMethod.Get, $"{list}?limit=1");
        }

        var contacts = await DoAsync(admin, HttpMethod.Get, $"{Path}/contacts?search=5550002");
        var contact = $"{Path}/contacts/{contacts.Json.GetProperty("items")[0].GetProperty("id").GetInt64()}";
        await DoAsync(admin, HttpMethod.Get, $"{contact}/export");
        await DoAsync(admin, HttpMethod.Delete, contact);
    }

    /// <summary>A business and an account that are erased, and the WhatsApp service, which confirms all that is.</summary>
    private static async Task EraseAsync(TestApi api, ApiClient admin, long account)
    {
        var business = await DoAsync(admin, HttpMethod.Post, "/api/businesses", TestBusiness.Body());
        await DoAsync(admin, HttpMethod.Delete,
            $"/api/businesses/{business.Json.GetProperty("id").GetInt64()}?confirm={Uri.EscapeDataString(business.Json.GetProperty("name").GetString()!)}");
        await Database.ExecuteAsync(api.Database.Owner, $"DELETE FROM business_members WHERE account_id = {account} AND role = 'owner'");
        await DoAsync(admin, HttpMethod.Delete, $"/api/accounts/{account}");
        await Database.ExecuteAsync(
            api.Database.Owner, "UPDATE whatsapp_erasures SET requested_at = requested_at - interval '1 minute'");
        await Eventually.TrueAsync(
            async () => await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM whatsapp_erasures") == 0,
            "it is erased at the WhatsApp service too");
    }

    /// <summary>The WhatsApp service with a customer's message, which is answered.</summary>
    private static async Task RunWhatsAppAsync(TestApi api)
    {
        using var service = api.CreateClient();
        service.Headers.Add("Authorization", $"Bearer {BaileysServer.Secret}");
        const string From = "972545550001@s.whatsapp.net";
        const string At = "2026-11-26T08:00:00Z";
        await DoAsync(service, HttpMethod.Post, "/api/whatsapp/sessions", new { business = 1, state = "connected", since = At });
        await DoAsync(service, HttpMethod.Post, "/api/whatsapp/messages",
            new { business = 1, messageId = "A1", from = From, name = "A customer", kind = "text", text = "Hello", sentAt = At });
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(api.Database.Owner, "SELECT bool_and(settled_at IS NOT NULL) FROM whatsapp_messages"),
            "it is answered");
    }

    /// <summary>Somebody with a browser and a program.</summary>
    private static async Task RunAccountAsync(TestApi api)
    {
        using var browser = api.CreateClient();
        await browser.LogInAsync(Email, FirstPassword);
        await DoAsync(browser, HttpMethod.Get, "/api/businesses?search=a");
        await DoAsync(browser, HttpMethod.Post, "/api/auth/password", new { currentPassword = FirstPassword, newPassword = NextPassword });

        using var program = api.CreateClient();
        var first = await DoAsync(program, HttpMethod.Post, "/api/auth/token", new { email = Email, password = NextPassword });
        var used = new { refreshToken = first.Json.GetProperty("refreshToken").GetString() };
        await DoAsync(program, HttpMethod.Post, "/api/auth/refresh", used);
        await DoAsync(program, HttpMethod.Post, "/api/auth/refresh", used);
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'");
        (await program.PostAsync("/api/auth/refresh", used)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task UpdateAsync(ApiClient client, string path, string field)
    {
        var read = await DoAsync(client, HttpMethod.Get, path);
        var body = JsonNode.Parse(read.Text)!;
        body[field] = "Changed.";
        (await client.SendAsync(HttpMethod.Put, path, body, ("If-Match", read.Headers.ETag!.Tag))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<ApiAnswer> DoAsync(ApiClient client, HttpMethod method, string path, object? body = null)
    {
        var answer = await client.SendAsync(method, path, body);
        ((int)answer.Status).ShouldBeInRange(200, 299, $"{method} {path}: {answer.Text}");
        return answer;
    }

    [GeneratedRegex("set-up code.*?(?<code>[0-9a-f]{32})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
