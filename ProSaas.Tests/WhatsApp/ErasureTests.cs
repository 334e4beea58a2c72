using ProSaas.Tests.Conversations;

namespace ProSaas.Tests.WhatsApp;

/// <summary>That what is erased here is erased in the WhatsApp service's volume too, on a real API and over real HTTP.</summary>
public sealed class ErasureTests(PostgresFixture postgres)
{
    private const string Number = "972509999999@s.whatsapp.net";
    private const string Lid = "123456789@lid";
    private const string Rows = "SELECT count(*) FROM whatsapp_erasures";

    [Fact]
    public async Task Customer_is_forgotten_by_the_service_though_service_and_api_are_down_at_first()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var baileys = await BaileysServer.StartAsync();
        long business;
        await using (var api = await TestApi.StartAsync(database, baileys.Environment))
        {
            using var shop = await TestConversations.CreateBusinessAsync(api);
            business = shop.Id;
            await WriteAsync(api, business, Number, Lid, "555@lid");
            await baileys.DieAsync();
            var owner = await shop.OwnerAsync();
            foreach (var customer in (string[])["+972509999999", Lid])
            {
                var found = await owner.GetAsync($"{shop.Path}/contacts?customer={Uri.EscapeDataString(customer)}");
                var id = found.Json.GetProperty("items")[0].GetProperty("id").GetInt64();
                (await owner.SendAsync(HttpMethod.Delete, $"{shop.Path}/contacts/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
            }

            await SettleAsync(database);
            await api.Service.UntilLineAsync("has not confirmed an erasure");
            await api.Service.KillAsync();
        }

        (await Database.ColumnAsync(database.Owner, "SELECT address FROM whatsapp_erasures ORDER BY 1")).ShouldBe([Lid, Number]);
        await baileys.ReturnAsync();
        await using var next = await TestApi.StartAsync(database, baileys.Environment);
        await ConfirmedAsync(database);

        baileys.Erased.Distinct().ShouldBe([(business, Number), (business, Lid)], ignoreOrder: true);
    }

    [Fact]
    public async Task Business_is_erased_with_all_its_rows_by_its_name_and_ends_at_the_service()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var baileys = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(database, baileys.Environment);
        using var shop = await TestConversations.CreateBusinessAsync(api);
        baileys.Sessions[shop.Id] = new(shop.Id, "connected");
        await WriteAsync(api, shop.Id, Number);
        using var admin = await api.LogInAsync(await api.Accounts.CreateAsync(isSystemAdmin: true));
        var owner = await shop.OwnerAsync();
        (await owner.PostAsync($"{shop.Path}/faq", new { question = "Open?", answer = "Yes.", position = 1 })).Status
            .ShouldBe(HttpStatusCode.Created);
        var path = $"{shop.Path}?confirm={Uri.EscapeDataString("מספרת דנה")}";
        (await owner.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var wrong in (string[])[shop.Path, $"{shop.Path}?confirm=another"])
        {
            var refused = await admin.SendAsync(HttpMethod.Delete, wrong);
            (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"));
            refused.ErrorNames.ShouldBe(["confirm"]);
        }

        (await admin.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await admin.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NotFound);
        await api.Service.UntilLineAsync($"Business {shop.Id} was erased by account ");
        (await Database.ScalarAsync<long>(database.Owner, $"SELECT count(*) FROM businesses WHERE id = {shop.Id}")).ShouldBe(0);
        var tables = await Database.ColumnAsync(
            database.Owner,
            "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'business_id' AND table_schema = 'public'");
        tables.Count.ShouldBeGreaterThan(7);
        foreach (var table in tables.Where(table => table is not "whatsapp_erasures"))
        {
            (await Database.ScalarAsync<long>(database.Owner, $"SELECT count(*) FROM {table} WHERE business_id = {shop.Id}"))
                .ShouldBe(0, table);
        }

        await SettleAsync(database);
        await ConfirmedAsync(database);
        baileys.Calls.ShouldContain($"DELETE /sessions/{shop.Id}");
        baileys.Calls.ShouldContain($"DELETE /sessions/{shop.Id}/refused");
    }

    private static async Task WriteAsync(TestApi api, long business, params string[] customers)
    {
        using var service = api.CreateClient();
        service.Headers.Add("Authorization", $"Bearer {BaileysServer.Secret}");
        foreach (var from in customers)
        {
            var message = new
            {
                business,
                messageId = "A1",
                from,
                name = "A customer",
                kind = "text",
                text = "Hi",
                sentAt = DateTimeOffset.UtcNow,
            };
            (await service.PostAsync("/api/whatsapp/messages", message)).Status.ShouldBe(HttpStatusCode.Accepted);
        }
    }

    /// <summary>As if the half minute in which a reply may be under way were over.</summary>
    private static Task SettleAsync(TestDatabase database) => Database.ExecuteAsync(
        database.Owner, "UPDATE whatsapp_erasures SET requested_at = requested_at - interval '1 minute'");

    private static Task ConfirmedAsync(TestDatabase database) => Eventually.TrueAsync(
        async () => await Database.ScalarAsync<long>(database.Owner, Rows) == 0, "the service has confirmed");
}
