namespace ProSaas.Tests.Budgets;

/// <summary>What a customer, a business and an account may have, at real APIs.</summary>
public sealed class BudgetTests(PostgresFixture postgres)
{
    private const string Messages = "/api/businesses/1/agents/whatsapp/messages";
    private const string Customer = "972545550001@s.whatsapp.net";

    [Fact]
    public async Task Customer_who_floods_gets_429_that_names_the_limit_and_others_are_answered()
    {
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. model.Environment, ("Budgets__RepliesPerCustomer", "3")]);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        for (var message = 0; message < 3; message++)
        {
            (await AskAsync(client, "a", $"hello {message}", $"key {message}")).Status.ShouldBe(HttpStatusCode.OK);
        }

        var refused = await AskAsync(client, "a", "once more", "key 3");
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.TooManyRequests, "too-many-requests"), refused.Text);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var detail = refused.Json.GetProperty("detail").GetString().ShouldNotBeNull();
        detail.ShouldContain("A customer may have 3 replies in 300 s");
        detail.ShouldContain("UTC");
        detail.ShouldContain("Idempotency-Key");
        var streamed = await client.SendAsync(
            HttpMethod.Post, Messages, new { customer = "a", text = "as a stream" }, ("Accept", "text/event-stream"));
        streamed.Problem.ShouldBe("too-many-requests", streamed.Text);
        (await AskAsync(client, "a", "hello 1", "key 1")).Status.ShouldBe(HttpStatusCode.OK, "a reply that is there costs nothing");
        (await AskAsync(client, "b", "hello", "key b")).Status.ShouldBe(HttpStatusCode.OK, "another customer has a budget of their own");

        model.Calls.Count.ShouldBe(4);
        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM messages WHERE text = 'once more'"))
            .ShouldBe(1, "it is kept");
        (await Database.ScalarAsync<long>(
            api.Database.Owner, "SELECT count(*) FROM conversations WHERE lease_owner IS NOT NULL")).ShouldBe(0, "no turn is held");
    }

    [Fact]
    public async Task Business_and_account_have_a_budget_whatever_the_customers_and_it_comes_again()
    {
        await using var api = await TestApi.StartAsync(
            postgres, ("Budgets__RepliesPerBusiness", "2"), ("Budgets__RepliesPerAccount", "3"), ("Budgets__Window", "00:00:02"));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member"), (2, "member")]));

        var answers = new List<ApiAnswer>();
        await Eventually.TrueAsync(
            async () =>
            {
                answers.Add(await AskAsync(client, $"customer {answers.Count}", "hello", $"key {answers.Count}"));
                return answers[^1].Status is HttpStatusCode.TooManyRequests;
            },
            "the business's budget is spent");
        answers[^1].Text.ShouldContain("A business may have 2 replies in 2 s");
        await Eventually.TrueAsync(
            async () => (await AskAsync(client, "last", "hello", "key last")).Status is HttpStatusCode.OK, "it has one again");
    }

    [Fact]
    public async Task Customer_who_floods_by_whatsapp_gets_one_notice_and_nothing_is_lost()
    {
        const int Sent = 200;
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(
            postgres, [.. service.Environment, .. model.Environment, ("Budgets__RepliesPerCustomer", "5")]);
        using var client = api.CreateClient();
        client.Headers.Add("Authorization", $"Bearer {BaileysServer.Secret}");

        foreach (var chunk in Enumerable.Range(0, Sent).Chunk(20))
        {
            (await Task.WhenAll(chunk.Select(index => SendAsync(client, $"A{index}", $"message {index}", Customer))))
                .ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        }

        await UntilSettledAsync(api);
        var calls = model.Calls.Count;
        await SendAsync(client, "B1", "שלום", "972545550002@s.whatsapp.net");
        await UntilSettledAsync(api);

        calls.ShouldBe(5);
        var replies = service.Taken.Where(message => message.To == Customer).Select(message => message.Text).ToList();
        replies.Count.ShouldBe(6);
        replies.Count(text => text == model.Text).ShouldBe(5);
        replies.Single(text => text != model.Text).ShouldContain("5 minutes");
        service.Taken.Count(message => message.To != Customer).ShouldBe(1, "another customer is answered");
        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM messages WHERE role = 'customer'"))
            .ShouldBe(Sent + 1);
        (await Database.ColumnAsync(
            api.Database.Owner, "SELECT DISTINCT outcome FROM whatsapp_messages ORDER BY outcome")).ShouldBe(["answered", "silent"]);
        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM messages WHERE answerer = 'notice'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("PerAccount", "An account may have 2")]
    [InlineData("PerBusiness", "A business may have 2")]
    public async Task Requests_beyond_the_budget_are_429(string whose, string expected)
    {
        await using var api = await TestApi.StartAsync(
            postgres,
            ($"Budgets__Lists{whose}", "2"),
            ($"Budgets__Exports{whose}", "2"),
            ($"Budgets__Speech{whose}", "2"),
            ("Speech__Provider", "none"));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "owner")]));
        string[] lists =
        [
            "/api/businesses/1/conversations", "/api/businesses/1/contacts?customer=a", "/api/businesses/1/owner-messages",
            "/api/businesses/1/audit", "/api/businesses/1/conversations/1", "/api/businesses/1/faq",
            "/api/businesses/1/members",
            .. whose is "PerAccount" ? ["/api/businesses?search=a"] : Array.Empty<string>(),
        ];

        await SpendAsync(() => client.GetAsync(lists[0]), "lists and searches");
        foreach (var list in lists)
        {
            (await client.GetAsync(list)).Problem.ShouldBe("too-many-requests", list);
        }

        await SpendAsync(() => client.GetAsync("/api/businesses/1/contacts/1/export"), "exports");
        await SpendAsync(() => client.PostAsync("/api/businesses/1/speech", new { text = "Hello" }), "requests for speech");

        async Task SpendAsync(Func<Task<ApiAnswer>> ask, string what)
        {
            (await ask()).Status.ShouldNotBe(HttpStatusCode.TooManyRequests);
            (await ask()).Status.ShouldNotBe(HttpStatusCode.TooManyRequests);
            var refused = await ask();
            (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.TooManyRequests, "too-many-requests"), refused.Text);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            refused.Text.ShouldContain($"{expected} {what} in 300 s");
        }
    }

    private static Task<ApiAnswer> AskAsync(ApiClient client, string customer, string text, string key) =>
        client.SendAsync(HttpMethod.Post, Messages, new { customer, text }, ("Idempotency-Key", key));

    private static Task<ApiAnswer> SendAsync(ApiClient client, string messageId, string text, string from) => client.PostAsync(
        "/api/whatsapp/messages",
        new { business = 1, messageId, from, name = "A customer", kind = "text", text, sentAt = "2026-11-26T08:00:00Z" });

    private static Task UntilSettledAsync(TestApi api) => Eventually.TrueAsync(
        () => Database.ScalarAsync<bool>(
            api.Database.Owner, "SELECT NOT EXISTS (SELECT FROM whatsapp_messages WHERE settled_at IS NULL)"),
        "all messages are settled",
        seconds: 60);
}
