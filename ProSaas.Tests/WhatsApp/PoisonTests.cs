using System.Net.Http.Headers;

namespace ProSaas.Tests.WhatsApp;

/// <summary>
/// Messages and answers that fail for themselves, whatever is tried, over a real API and a real database: each ends after a few tries,
/// and those behind it go on.
/// </summary>
public sealed class PoisonTests(PostgresFixture postgres)
{
    private const string Customer = "972545550001@s.whatsapp.net";
    private const string Settled = "SELECT count(*) FROM whatsapp_messages WHERE settled_at IS NOT NULL";

    public static TheoryData<string, string> OddTexts => new()
    {
        { "\"x\\ud83d\"", "x\ufffd" },
        { "\"\\ude00x\"", "\ufffdx" },
        { "\"\\ud83d\\ude00\"", "😀" },
        { "\"With\\u0000 a NUL\"", "With a NUL" },
        { "\"x\u00ff(\"", "x\ufffd(" },
    };

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task Text_that_is_no_whole_unicode_is_taken_well_formed_and_answered(string json, string text)
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);

        (await SendAsync(api, "A1", json, name: json)).Status.ShouldBe(HttpStatusCode.Accepted);
        await api.UntilSettledAsync(1);

        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM messages WHERE role = 'customer'")).ShouldBe([text]);
        (await Database.ColumnAsync(api.Database.Owner, "SELECT display_name FROM contacts")).ShouldBe([text]);
        service.Taken.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Odd_ids_and_names_do_not_keep_a_message_from_its_answer()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        var family = string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 20));

        (await SendAsync(api, "A\\ud83d", "\"one\"", name: $"\"{family}\"")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(api, "💬 / ' \\\\ %00", "\"two\"")).Status.ShouldBe(HttpStatusCode.Accepted);
        await api.UntilSettledAsync(2);

        service.Taken.Count.ShouldBe(2);
        (await Database.ScalarAsync<string>(api.Database.Owner, "SELECT display_name FROM contacts"))
            .ShouldBe(string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 9)), "a name is cut between its characters");
    }

    [Fact]
    public async Task Answer_with_a_NUL_or_too_long_for_WhatsApp_reaches_the_customer_and_the_model_is_paid_once()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. service.Environment, .. model.Environment]);
        model.Next(OpenAiServer.Says("Until \0noon."), OpenAiServer.Says(string.Concat(Enumerable.Repeat("👍🏽", 20_000))));

        await SendAsync(api, "A1", "\"When?\"");
        await api.UntilSettledAsync(1);
        await SendAsync(api, "A2", "\"Really?\"");
        await api.UntilSettledAsync(2);

        service.Taken[0].Text.ShouldBe("Until noon.");
        service.Taken[1].Text.ShouldBe(string.Concat(Enumerable.Repeat("👍🏽", 2_500)));
        model.Calls.Count(call => call.Says("user") is "When?" or "Really?").ShouldBe(2);
    }

    [Fact]
    public async Task Answer_that_cannot_be_stored_ends_after_five_tries_the_owner_is_told_and_the_next_is_answered()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. service.Environment, .. model.Environment]);
        await RefuseAsync(api.Database.Owner, "poison", "22021");
        model.Next([.. Enumerable.Repeat(OpenAiServer.Says("poison"), 5)]);

        await SendAsync(api, "A1", "\"one\"");
        await SendAsync(api, "A2", "\"two\"");
        await api.UntilSettledAsync(2);

        (await Database.ColumnAsync(api.Database.Owner, "SELECT outcome FROM whatsapp_messages ORDER BY id"))
            .ShouldBe(["undeliverable", "answered"]);
        model.Calls.Count(call => call.Says("user") is "one").ShouldBe(5);
        service.Taken.ShouldHaveSingleItem().Text.ShouldBe(model.Text);
        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM owner_messages")).ShouldHaveSingleItem();
        api.Service.Lines.ShouldContain(line => line.Contains("failed 5 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_of_the_database_is_not_counted_and_the_answer_comes_when_it_is_over()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        await RefuseAsync(api.Database.Owner, "", "53100");

        await SendAsync(api, "A1", "\"Hello\"");
        await Eventually.TrueAsync(
            async () =>
            {
                await Database.ExecuteAsync(api.Database.Owner, "UPDATE whatsapp_messages SET next_attempt_at = now()");
                return await Database.ScalarAsync<int>(api.Database.Owner, "SELECT attempts FROM whatsapp_messages") > 6;
            },
            "it is tried more often than a message's own failure",
            seconds: 120);
        (await Database.ScalarAsync<long>(api.Database.Owner, Settled)).ShouldBe(0);
        await Database.ExecuteAsync(
            api.Database.Owner, "DROP TRIGGER refuse ON messages; UPDATE whatsapp_messages SET next_attempt_at = now()");
        await api.UntilSettledAsync(1);

        service.Taken.ShouldHaveSingleItem();
        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM owner_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task Queue_of_a_customer_has_an_end_and_what_comes_after_it_is_kept_without_an_answer_of_its_own()
    {
        await using var service = await BaileysServer.StartAsync();
        await using var model = await OpenAiServer.StartAsync();
        await using var api = await TestApi.StartAsync(
            postgres, [.. service.Environment, .. model.Environment, ("Budgets__RepliesPerCustomer", "1000")]);
        var first = new TaskCompletionSource();
        model.Next(OpenAiServer.Waits("The first", first.Task, "."));

        for (var index = 0; index < 110; index++)
        {
            (await SendAsync(api, $"A{index}", $"\"message {index}\"")).Status.ShouldBe(HttpStatusCode.Accepted);
        }

        (await SendAsync(api, "A105", "\"message 105\"")).Status.ShouldBe(HttpStatusCode.Accepted, "it comes again");
        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM whatsapp_messages")).ShouldBe(100);
        first.SetResult();
        await api.UntilSettledAsync(100);
        await SendAsync(api, "B", "\"and now?\"");
        await api.UntilSettledAsync(101);

        (await Database.ScalarAsync<long>(api.Database.Owner, "SELECT count(*) FROM messages WHERE role = 'customer'")).ShouldBe(111);
        service.Taken.Count.ShouldBe(101);
        model.Calls.Single(call => call.Says("user") is "and now?").Body.GetProperty("messages").ToString().ShouldContain("message 109");
        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM owner_messages"))
            .Count(text => text.Contains("בבת אחת", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("DELETE FROM contacts")]
    [InlineData("DELETE FROM conversations; DELETE FROM contacts")]
    [InlineData("DELETE FROM conversations")]
    public async Task Message_that_meets_the_erasure_of_its_customer_is_stored_anew_and_answered(string erasure)
    {
        await using var service = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, service.Environment);
        await SendAsync(api, "A1", "\"Hello\"");
        await api.UntilSettledAsync(1);
        await using var eraser = await Database.OpenAsync(api.Database.Owner);
        await Database.ExecuteAsync(eraser, $"BEGIN; SELECT FROM contacts FOR UPDATE; {erasure}");

        var sending = SendAsync(api, "A2", "\"Are you there?\"");
        await api.UntilWaitingForALockAsync();
        await Database.ExecuteAsync(eraser, "COMMIT");

        var answer = await sending;
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        await api.UntilSettledAsync(1);
        (await Database.ColumnAsync(api.Database.Owner, "SELECT text FROM messages WHERE role = 'customer'")).ShouldBe(["Are you there?"]);
        service.Taken.Count.ShouldBe(2);
    }

    /// <summary>Has the database refuse replies that begin like this.</summary>
    internal static Task RefuseAsync(string owner, string text, string sqlState) => Database.ExecuteAsync(owner, $"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{sqlState}'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW
            WHEN (NEW.role = 'agent' AND NEW.text LIKE '{text}%') EXECUTE FUNCTION refuse();
        """);

    /// <summary>As the service sends it, the strings in JSON as they are given; a letter ÿ stands for a byte that is no UTF-8.</summary>
    private static async Task<ApiAnswer> SendAsync(TestApi api, string messageId, string text, string name = "\"A customer\"")
    {
        var json = $$"""
            {"business":1,"messageId":"{{messageId}}","from":"{{Customer}}","name":{{name}},"kind":"text",
             "text":{{text}},"sentAt":"2026-11-26T08:00:00Z"}
            """;
        byte[] body = [.. Encoding.UTF8.GetBytes(json)];
        for (var at = body.AsSpan().IndexOf("ÿ"u8); at >= 0; at = body.AsSpan().IndexOf("ÿ"u8))
        {
            body = [.. body[..at], 0xFF, .. body[(at + 2)..]];
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/whatsapp/messages") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BaileysServer.Secret);
        using var response = await api.Service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiAnswer.ReadAsync(response);
    }
}
