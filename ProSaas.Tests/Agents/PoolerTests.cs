namespace ProSaas.Tests.Agents;

/// <summary>An API that reaches its database through a pooler of transactions.</summary>
public sealed class PoolerTests(PostgresFixture postgres)
{
    private const string Question = "Do you sell parachutes?";

    [Fact]
    public async Task Pooler_that_swallows_notifications_costs_neither_the_start_nor_an_answer()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var pooler = await Pooler.StartAsync(database);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("ConnectionStrings__prosaasdb", pooler.ConnectionString)));
        await api.UntilStatusAsync("/api/health", HttpStatusCode.ServiceUnavailable);

        await database.MigrateAsync();
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        await api.UntilLineAsync("✅ Warmed up 20 agents");
        var account = await new TestAccounts(database).CreateAsync(memberships: [(1, "owner")]);
        using var client = new ApiClient(api.Http.BaseAddress!);
        await client.LogInAsync(account.Email, account.Password);
        var before = await Task.WhenAll(Enumerable.Range(0, 20).Select(customer => AskAsync(client, $"customer {customer}")));
        before.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Json.GetProperty("messageTaken").GetBoolean());

        await Database.ExecuteAsync(
            database.Owner, $"INSERT INTO faq_entries (business_id, question, answer) VALUES (1, '{Question}', 'Only round ones.')");

        var after = await Task.WhenAll(Enumerable.Range(0, 20).Select(customer => AskAsync(client, $"customer {customer}")));
        after.ShouldAllBe(answer => answer.Json.GetProperty("text").GetString() == "Only round ones.");
    }

    private static Task<ApiAnswer> AskAsync(ApiClient client, string customer) =>
        client.PostAsync("/api/businesses/1/agents/whatsapp/messages", new { customer, text = Question });
}
