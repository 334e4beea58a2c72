using Microsoft.AspNetCore.Http;

namespace ProSaas.Tests.WhatsApp;

/// <summary>From a message of the WhatsApp service to its answer, over real API processes and a real database.</summary>
public sealed class InboxTests(PostgresFixture postgres)
{
    private const string Customer = "972545550001@s.whatsapp.net";
    private const string Other = "123456789@lid";

    [Fact]
    public async Task Message_is_stored_acknowledged_and_answered_and_a_second_time_it_is_the_same_one()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. service.Environment, .. model.Environment]);
        using var client = Service(api);

        (await SendAsync(client, "A1", "When are you open?")).Status.ShouldBe(HttpStatusCode.Accepted);
        await api.UntilSettledAsync(1);
        (await SendAsync(client, "A1", "When are you open?")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(client, "A2", "And tomorrow?")).Status.ShouldBe(HttpStatusCode.Accepted);
        await api.UntilSettledAsync(2);

        service.Taken.Select(message => (message.Business, message.To, message.Text))
            .ShouldBe([(1L, Customer, model.Text), (1L, Customer, model.Text)]);
        service.Taken.Select(message => message.MessageId).ShouldBeUnique();
        service.Taken.ShouldAllBe(message => message.MessageId.StartsWith("3EB0") && message.MessageId.Length == 22);
        model.Calls.Count(call => call.Says("user") is "When are you open?").ShouldBe(1);
        (await Database.ScalarAsync<string>(api.Database.Owner, "SELECT concat_ws(' ', external_id, channel, display_name) FROM contacts"))
            .ShouldBe("+972545550001 whatsapp A customer");
    }

    [Fact]
    public async Task Messages_of_a_customer_are_answered_one_at_a_time_in_their_order_and_others_do_not_wait()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        var first = new TaskCompletionSource();
        model.Next(OpenAiServer.Waits("The first", first.Task, "."));
        await using var api = await TestApi.StartAsync(postgres, [.. service.Environment, .. model.Environment]);
        using var client = Service(api);

        await SendAsync(client, "A1", "one");
        await Eventually.TrueAsync(() => model.Calls.Any(call => call.Says("user") is "one"), "the model is asked");
        await SendAsync(client, "A2", "two");
        await SendAsync(client, "A3", "three");
        await SendAsync(client, "B1", "other", Other);
        await Eventually.TrueAsync(() => service.Taken.Any(message => message.To == Other), "the other customer has an answer");
        service.Taken.ShouldHaveSingleItem();
        first.SetResult();
        await api.UntilSettledAsync(4);

        model.Calls.Select(call => call.Says("user")).Where(text => text is not ("other" or "hello")).ShouldBe(["one", "two", "three"]);
        service.Taken.Count(message => message.To == Customer).ShouldBe(3);
    }

    [Fact]
    public async Task Answer_waits_for_the_service_and_goes_out_when_the_connection_is_there_again()
    {
        await using var service = await BaileysServer.StartAsync();
        service.Always = BaileysServer.Answers(StatusCodes.Status409Conflict);
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        using var client = Service(api);

        await SendAsync(client, "A1", "Hello");
        await Eventually.TrueAsync(() => service.Calls.Count > 2, "it is tried again");
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE whatsapp_messages SET next_attempt_at = now() + interval '1 hour'");
        service.Always = null;
        (await client.PostAsync(
            "/api/whatsapp/sessions",
            new { business = 1, state = "connected", since = "2026-11-26T08:00:00Z", phone = "972540000000" })).Status
            .ShouldBe(HttpStatusCode.NoContent);
        await api.UntilSettledAsync(1);

        service.Taken.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Api_that_dies_before_the_answer_or_before_it_is_delivered_leaves_it_to_the_next_one()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        var environment = ((string, string)[])[.. service.Environment, .. model.Environment, ("Conversations__LeaseDuration", "00:00:02")];
        await using var first = await TestApi.StartAsync(postgres, environment);
        using (var client = Service(first))
        {
            model.Next(OpenAiServer.Hangs("Half an"));
            await SendAsync(client, "A1", "Before the answer");
            await Eventually.TrueAsync(() => model.Calls.Any(call => call.Says("user") is "Before the answer"), "the model is asked");
            service.Always = BaileysServer.Hangs;
            await SendAsync(client, "B1", "Before the delivery", Other);
            await Eventually.TrueAsync(() => service.Calls.Count > 0, "the reply is being delivered");
        }

        await first.Service.KillAsync();
        service.Always = null;
        await using var second = await TestApi.StartAsync(first.Database, environment);
        await second.UntilSettledAsync(2);

        service.Taken.Select(message => message.To).ShouldBe([Customer, Other], ignoreOrder: true);
        service.Taken.Select(message => message.MessageId).ShouldBeUnique();
        model.Calls.Count(call => call.Says("user") is "Before the delivery").ShouldBe(1);
        (await Database.ScalarAsync<long>(second.Database.Owner, "SELECT count(*) FROM messages WHERE role = 'agent'")).ShouldBe(2);
    }

    [Fact]
    public async Task Two_replicas_that_get_the_same_messages_answer_each_once_and_in_order()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var one = await TestApi.StartAsync(postgres, [.. service.Environment, .. model.Environment]);
        await using var two = await TestApi.StartAsync(one.Database, [.. service.Environment, .. model.Environment]);
        using var first = Service(one);
        using var second = Service(two);
        string[] said = [.. Enumerable.Range(0, 8).Select(index => $"message {index}")];

        foreach (var (index, text) in said.Index())
        {
            var answers = await Task.WhenAll(SendAsync(first, $"A{index}", text), SendAsync(second, $"A{index}", text));
            answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        }

        await one.UntilSettledAsync(said.Length);

        model.Calls.Select(call => call.Says("user")).Where(said.Contains).ShouldBe(said);
        service.Taken.Select(message => message.MessageId).Distinct().Count().ShouldBe(said.Length);
        (await Database.ScalarAsync<long>(one.Database.Owner, "SELECT count(*) FROM messages WHERE role = 'agent'")).ShouldBe(said.Length);
    }

    [Fact]
    public async Task Conversation_that_a_person_has_gets_no_answer_and_media_are_noted()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        using var client = Service(api);

        await SendAsync(client, "A1", text: null, kind: "media", mediaType: "image");
        await api.UntilSettledAsync(1);
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE conversations SET handed_over_at = now()");
        await SendAsync(client, "A2", "my receipt", kind: "media", mediaType: "document");
        await api.UntilSettledAsync(2);

        service.Taken.ShouldHaveSingleItem();
        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM messages WHERE role = 'customer' ORDER BY id"))
            .ShouldBe(["[image]", "[document] my receipt"]);
        (await Database.ColumnAsync(api.Database.Owner, "SELECT outcome FROM whatsapp_messages ORDER BY id"))
            .ShouldBe(["answered", "silent"]);
    }

    [Fact]
    public async Task Customer_who_is_erased_leaves_nothing_in_the_inbox()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        using var client = Service(api);
        await SendAsync(client, "A1", "Hello");
        await api.UntilSettledAsync(1);

        await Database.ExecuteAsync(api.Database.Owner, "DELETE FROM contacts");

        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM whatsapp_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_what_the_service_can_tell_apart()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        using var client = Service(api);
        using var stranger = api.CreateClient();
        stranger.Headers.Add("Authorization", "Bearer another-secret-of-theirs");
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE businesses SET whatsapp_enabled = false WHERE id = 2");

        (await SendAsync(stranger, "A1", "Hello")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync(
            "/api/whatsapp/sessions", new { business = 1, state = "connected", since = "2026-11-26T08:00:00Z" })).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        await RefusedAsync(SendAsync(client, "A1", "Hello", business: 1_000_000), HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(SendAsync(client, "A1", "Hello", business: 2), HttpStatusCode.Conflict, "channel-disabled");
        await RefusedAsync(SendAsync(client, "A1", "Hello", business: 0), HttpStatusCode.BadRequest, "validation");
        await RefusedAsync(SendAsync(client, "", "Hello"), HttpStatusCode.BadRequest, "validation");
        await RefusedAsync(SendAsync(client, "A1", " \0 "), HttpStatusCode.BadRequest, "validation");
        await RefusedAsync(SendAsync(client, "A1", new string('x', 65_537)), HttpStatusCode.BadRequest, "validation");
        await RefusedAsync(SendAsync(client, "A1", "Hello", kind: "poll"), HttpStatusCode.BadRequest, "validation");
        await RefusedAsync(
            client.PostAsync("/api/whatsapp/sessions", new { business = 1, state = "happy", since = "2026-11-26T08:00:00Z" }),
            HttpStatusCode.BadRequest,
            "validation");

        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM messages")).ShouldBe(0);
        (await SendAsync(client, "A1", "With\0 a NUL")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM messages WHERE role = 'customer'")).ShouldBe(["With a NUL"]);

        static async Task RefusedAsync(Task<ApiAnswer> sending, HttpStatusCode status, string problem)
        {
            var answer = await sending;
            (answer.Status, answer.Problem).ShouldBe((status, problem), answer.Text);
        }
    }

    private static ApiClient Service(TestApi api)
    {
        var client = api.CreateClient();
        client.Headers.Add("Authorization", $"Bearer {BaileysServer.Secret}");
        return client;
    }

    internal static Task<ApiAnswer> SendAsync(
        ApiClient client,
        string messageId,
        string? text,
        string from = Customer,
        long business = 1,
        string kind = "text",
        string? mediaType = null) =>
        client.PostAsync(
            "/api/whatsapp/messages",
            new { business, messageId, from, name = "A customer", kind, text, mediaType, sentAt = "2026-11-26T08:00:00Z" });
}
