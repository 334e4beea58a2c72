using ProSaas.Tests.WhatsApp;

namespace ProSaas.Tests.Faults;

/// <summary>Customers' messages that fail, come in a flood or meet an erasure.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class MessageFaultTests(PostgresFixture postgres, FaultReport report)
{
    private const string Customer = "972545550001@s.whatsapp.net";
    private const string Other = "972545550002@s.whatsapp.net";

    [Fact(Explicit = true)]
    public async Task Poison_message_is_given_up_the_owner_told_and_those_behind_it_answered()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.PoisonMessage);
        var (api, client) = await StartAsync(fault, service, model);
        using var _ = client;
        await PoisonTests.RefuseAsync(fault.Database.Owner, "poison", "22021");
        model.Next([.. Enumerable.Repeat(OpenAiServer.Says("poison"), 5)]);

        foreach (var text in (string[])["poison", "two", "three"])
        {
            (await InboxTests.SendAsync(client, text, text)).Status.ShouldBe(HttpStatusCode.Accepted);
        }

        await fault.RecoversAsync("those behind it are answered", within: 60, () => AreSettledAsync(fault, 3));
        (await Database.ColumnAsync(fault.Database.Owner, "SELECT outcome FROM whatsapp_messages ORDER BY id"))
            .ShouldBe(["undeliverable", "answered", "answered"]);
        model.Calls.Count(call => call.Says("user") is "poison").ShouldBe(5);
        fault.Refused("the message, after five tries");
        service.Taken.Select(message => message.Text).ShouldBe([model.Text, model.Text]);
        (await Database.ColumnAsync(fault.Database.Owner, "SELECT text FROM owner_messages")).ShouldHaveSingleItem();
        fault.Served("the messages behind it; one message tells the owner");
        await fault.SaysAsync(api, "failed 5 times");
        await fault.MessagesAreStoredAsync("poison", "two", "three");
    }

    [Fact(Explicit = true)]
    public async Task Flood_of_one_customer_costs_few_calls_and_one_notice_and_others_are_answered()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.MessageFlood);
        using var client = (await StartAsync(fault, service, model, ("Budgets__RepliesPerCustomer", "5"))).Client;
        string[] texts = [.. Enumerable.Range(0, 200).Select(index => $"message {index}")];

        foreach (var chunk in texts.Chunk(20))
        {
            (await Task.WhenAll(chunk.Select(text => InboxTests.SendAsync(client, text, text))))
                .ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        }

        await InboxTests.SendAsync(client, "other", "other", Other);
        await fault.RecoversAsync("another customer has an answer after the flood", within: 60,
            () => Task.FromResult(service.Taken.Any(message => message.To == Other && message.Text == model.Text)));
        // Those beyond a full queue are stored alone: how many depends on how fast it is emptied.
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(
                fault.Database.Owner, "SELECT NOT EXISTS (SELECT FROM whatsapp_messages WHERE settled_at IS NULL)"),
            "none waits any longer");
        model.Calls.Count(call => texts.Contains(call.Says("user"))).ShouldBe(5);
        service.Taken.Count(message => message.To == Customer).ShouldBe(6);
        (await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT count(*) FROM messages WHERE answerer = 'notice'")).ShouldBe(1);
        fault.Refused("answers beyond the budget, five here: one notice, no call of the model");
        fault.Served("200 messages are taken; other customers are answered");
        await fault.MessagesAreStoredAsync([.. texts, "other"]);
    }

    [Fact(Explicit = true)]
    public async Task Message_that_meets_the_erasure_of_its_customer_is_stored_anew_and_answered()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ErasedMeanwhile);
        using var client = (await StartAsync(fault, service, model)).Client;
        await InboxTests.SendAsync(client, "A1", "Hello");
        await Eventually.TrueAsync(() => AreSettledAsync(fault, 1), "the first is answered");
        await using var eraser = await Database.OpenAsync(fault.Database.Owner);
        await Database.ExecuteAsync(eraser, "BEGIN; SELECT FROM contacts FOR UPDATE; DELETE FROM contacts");

        var sending = InboxTests.SendAsync(client, "A2", "Are you there?");
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(fault.Database.Owner, """
                SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
                """),
            "the message waits for the erasure");
        await Database.ExecuteAsync(eraser, "COMMIT");

        (await sending).Status.ShouldBe(HttpStatusCode.Accepted);
        await fault.RecoversAsync("the message is answered after the erasure", within: 30, () => AreSettledAsync(fault, 1));
        service.Taken.Count.ShouldBe(2);
        fault.Served("the message, as the first of a new conversation");
        await fault.MessagesAreStoredAsync("Are you there?");
    }

    /// <summary>A ready API that answers customers, and the WhatsApp service's client of it.</summary>
    private static async Task<(ServiceHandle Api, ApiClient Client)> StartAsync(
        FaultCase fault, BaileysServer service, OpenAiServer model, params (string Name, string Value)[] settings)
    {
        var (api, _) = await fault.StartReadyAsync([.. service.Environment, .. model.Environment, .. settings]);
        var client = new ApiClient(api.Http.BaseAddress!);
        client.Headers.Add("Authorization", $"Bearer {BaileysServer.Secret}");
        return (api, client);
    }

    private static async Task<bool> AreSettledAsync(FaultCase fault, long count) => await Database.ScalarAsync<long>(
        fault.Database.Owner, "SELECT count(*) FROM whatsapp_messages WHERE settled_at IS NOT NULL") == count;
}
