using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using static ProSaas.Testing.OpenAiServer;

namespace ProSaas.Tests.Agents;

/// <summary>One API over a provider that behaves as the test wants, for all tests of a class.</summary>
public sealed class MessageApi : IAsyncDisposable
{
    internal OpenAiServer Provider { get; private set; } = null!;

    internal TestApi Api { get; private set; } = null!;

    internal ApiClient Client { get; private set; } = null!;

    internal string Token { get; private set; } = null!;

    internal (string Name, string Value)[] Environment => [.. Provider.Environment, ("Agents__AttemptTimeout", "00:02:00")];

    internal async Task StartAsync(PostgresFixture postgres)
    {
        if (Api is not null)
        {
            return;
        }

        Provider = await OpenAiServer.StartAsync();
        Api = await TestApi.StartAsync(postgres, Environment);
        var account = await Api.Accounts.CreateAsync(memberships: [(1, "member"), (2, "member"), (3, "member")]);
        Client = await Api.LogInAsync(account);
        Token = (await Client.PostAsync("/api/auth/token", new { email = account.Email, password = account.Password })).Json
            .GetProperty("accessToken").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        if (Provider is not null)
        {
            await Provider.DisposeAsync();
        }
    }
}

/// <summary>Customers' messages to a real API. Each test has a customer of its own.</summary>
public sealed class MessageTests(PostgresFixture postgres, MessageApi shared) : IClassFixture<MessageApi>, IAsyncLifetime
{
    private const string Path = "/api/businesses/1/agents/whatsapp/messages";

    private readonly string _customer = $"customer {Guid.NewGuid():N}";
    private readonly string _key = $"{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadMessages => new()
    {
        { """{"customer":"a","text":""}""", "validation" },
        { """{"customer":"a","text":"  \n "}""", "validation" },
        { """{"customer":"a"}""", "validation" },
        { """{"text":"hi"}""", "validation" },
        { $$"""{"customer":"a","text":"{{new string('x', 4_001)}}"}""", "validation" },
        { """{"customer":"a","text":"nul \u0000"}""", "validation" },
        { """{"customer":"a","text":"bell \u0007"}""", "validation" },
        { """{"customer":"a","text":"hi","conversationId":0}""", "validation" },
        { """{"customer":"half \ud83d","text":"hi"}""", "malformed-json" },
        { """{"customer":"a","text":7}""", "malformed-json" },
        { """{"customer":"a","text":"hi","more":1}""", "malformed-json" },
        { "{", "malformed-json" },
    };

    public async ValueTask InitializeAsync()
    {
        await shared.StartAsync(postgres);
        shared.Provider.Forget();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Message_is_answered_and_the_conversation_goes_on()
    {
        var first = await AskAsync("Do you have parking?");
        first.Status.ShouldBe(HttpStatusCode.OK, first.Text);
        (Text(first), first.Json.GetProperty("answerer").GetString(), first.Json.GetProperty("isFallback").GetBoolean()).ShouldBe(
            ("Hello from the model.", "openai", false));
        first.Json.GetProperty("messageTaken").GetBoolean().ShouldBeFalse();

        var second = await AskAsync("And on Friday?");

        second.Json.GetProperty("conversationId").GetInt64().ShouldBe(first.Json.GetProperty("conversationId").GetInt64());
        second.Json.GetProperty("messageId").GetInt64().ShouldBeGreaterThan(first.Json.GetProperty("messageId").GetInt64());
        var sent = shared.Provider.Calls[^1].Body.GetProperty("messages").ToString();
        sent.ShouldContain("Do you have parking?");
        sent.ShouldContain("Hello from the model.");
        sent.ShouldContain("And on Friday?");
        shared.Api.Service.Lines.ShouldNotContain(line => line.Contains("could not be made for warmup", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_has_the_parts_and_then_the_whole()
    {
        var events = await StreamAsync("Do you have parking?");

        events.Select(item => item.Type).ShouldBe(["delta", "delta", "delta", "delta", "reply"]);
        string.Concat(events.Where(item => item.Type is "delta").Select(item => item.Data.GetProperty("text").GetString()))
            .ShouldBe("Hello from the model.");
        var reply = events[^1].Data;
        (reply.GetProperty("text").GetString(), reply.GetProperty("answerer").GetString()).ShouldBe(("Hello from the model.", "openai"));
        reply.GetProperty("messageId").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Stream_that_breaks_off_says_so_keeps_nothing_and_is_answered_whole_the_next_time()
    {
        shared.Provider.Next(CutsOff("We have", Task.CompletedTask, inOrder: true));
        var broken = await StreamAsync("Do you have parking?", key: _key);
        broken[^1].Type.ShouldBe("error");
        broken[^1].Data.GetProperty("type").GetString().ShouldBe("urn:prosaas:problem:answer-interrupted");
        (await Database.ScalarAsync<long>(shared.Api.Database.Owner, "SELECT count(*) FROM messages WHERE text LIKE 'We have%'"))
            .ShouldBe(0);

        var whole = await StreamAsync("Do you have parking?", key: _key);
        whole[^1].Data.GetProperty("text").GetString().ShouldBe("Hello from the model.");
    }

    [Fact]
    public async Task Provider_that_fails_is_stood_in_for_and_the_answer_says_so()
    {
        shared.Provider.Next(Fails(400));
        var answer = await AskAsync("יש חניה?");

        (answer.Json.GetProperty("answerer").GetString(), answer.Json.GetProperty("isFallback").GetBoolean()).ShouldBe(("embedded", true));
        Text(answer).ShouldNotBeNull().ShouldContain("חניון");
        answer.Json.GetProperty("faqEntryId").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Message_and_hand_over_that_the_model_asks_for_come_with_the_answer()
    {
        shared.Provider.Next(CallsTool("take_message", """{"text":"Call me back"}"""), CallsTool("hand_over"));
        var answer = await AskAsync("I want to talk to somebody");
        (answer.Json.GetProperty("messageTaken").GetBoolean(), answer.Json.GetProperty("handedOver").GetBoolean()).ShouldBe((true, true));

        var asked = shared.Provider.Calls.Count;
        var next = await AskAsync("Hello?");
        (next.Status, Text(next), next.Json.GetProperty("handedOver").GetBoolean()).ShouldBe((HttpStatusCode.OK, null, true));
        (await StreamAsync("Hello?")).ShouldHaveSingleItem().Type.ShouldBe("reply");
        shared.Provider.Calls.Count.ShouldBe(asked, "the agent keeps out of it");
    }

    [Fact]
    public async Task Same_key_is_answered_once_and_another_message_with_it_refused()
    {
        var first = await AskAsync("Do you have parking?", key: _key);
        var again = await AskAsync("Do you have parking?", key: _key);
        again.Text.ShouldBe(first.Text);
        (await StreamAsync("Do you have parking?", key: _key)).ShouldHaveSingleItem().Type.ShouldBe("reply");
        shared.Provider.Calls.Count.ShouldBe(1);

        var other = await AskAsync("Something else", key: _key);
        (other.Status, other.Problem).ShouldBe((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"));
        (await AskAsync("Hi", key: new string('k', 201))).Problem.ShouldBe("validation");
    }

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task Bad_message_is_refused_with_what_is_wrong(string body, string problem)
    {
        var answer = await SendRawAsync(Encoding.UTF8.GetBytes(body));

        answer.Problem.ShouldBe(problem, answer.Text);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        shared.Provider.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_that_is_no_text_or_too_large_is_refused()
    {
        byte[] invalid = [.. """{"text":"a","customer":"x"""u8, 0xC3, 0x28, .. "\"}"u8];
        (await SendRawAsync(invalid)).Problem.ShouldBe("malformed-json");

        var large = new byte[10 * 1024 * 1024];
        Array.Fill(large, (byte)'x');
        (await SendRawAsync(large)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Text_that_is_no_whole_unicode_is_taken_well_formed_and_a_customers_key_is_refused_by_name()
    {
        var half = await SendRawAsync(Encoding.UTF8.GetBytes($$"""{"customer":"{{_customer}}","text":"half \ud83d"}"""));
        half.Status.ShouldBe(HttpStatusCode.OK, half.Text);
        byte[] body = [.. Encoding.UTF8.GetBytes($$"""{"customer":"{{_customer}}","text":"x"""), 0xC3, 0x28, .. "\"}"u8];
        (await SendRawAsync(body)).Status.ShouldBe(HttpStatusCode.OK);

        (await Database.ColumnAsync(shared.Api.Database.Owner, $"""
            SELECT m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN contacts o ON o.id = c.contact_id
            WHERE o.external_id = '{_customer}' AND m.role = 'customer' ORDER BY m.id
            """)).ShouldBe(["half \ufffd", "x\ufffd("]);
        (await SendRawAsync(Encoding.UTF8.GetBytes("""{"customer":"\ude00","text":"Hi"}"""))).Text.ShouldContain("$.customer");
    }

    [Fact]
    public async Task What_a_model_says_is_stored_and_sent_without_NUL()
    {
        shared.Provider.Next(
            Says("Un\0til noon."), Says("Un\0til noon."), CallsTool("take_message", """{"text":"Call\u0000 me \ud83d back"}"""));

        Text(await AskAsync("When?")).ShouldBe("Until noon.");
        var events = await StreamAsync("Really?");
        string.Concat(events.Where(item => item.Type is "delta").Select(item => item.Data.GetProperty("text").GetString()))
            .ShouldBe("Until noon.");
        events[^1].Data.GetProperty("text").GetString().ShouldBe("Until noon.");
        (await AskAsync("Tell them")).Json.GetProperty("messageTaken").GetBoolean().ShouldBeTrue();
        (await Database.ColumnAsync(shared.Api.Database.Owner, "SELECT text FROM owner_messages WHERE text LIKE 'Call me _ back'"))
            .ShouldBe(["Call me \ufffd back"]);
    }

    [Fact]
    public async Task Message_to_a_conversation_in_which_100_wait_is_refused_and_not_kept()
    {
        var conversation = (await AskAsync("Hi")).Json.GetProperty("conversationId").GetInt64();
        await Database.ExecuteAsync(shared.Api.Database.Owner, $"""
            INSERT INTO messages (business_id, conversation_id, role, text, idempotency_key, waits_until)
            SELECT 1, {conversation}, 'customer', 'waits', '{_key}' || n, now() + interval '1 hour' FROM generate_series(1, 100) n
            """);

        var answer = await AskAsync("One more", key: _key);

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.TooManyRequests, "too-many-requests"), answer.Text);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await Database.ExecuteAsync(
            shared.Api.Database.Owner, $"UPDATE messages SET waits_until = NULL WHERE conversation_id = {conversation}");
        (await AskAsync("One more", key: _key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Message_that_meets_the_erasure_of_its_customer_is_stored_anew()
    {
        (await AskAsync("Hi")).Status.ShouldBe(HttpStatusCode.OK);
        await using var eraser = await Database.OpenAsync(shared.Api.Database.Owner);
        await Database.ExecuteAsync(eraser, $"BEGIN; DELETE FROM contacts WHERE external_id = '{_customer}'");

        var asking = AskAsync("Are you there?");
        await shared.Api.UntilWaitingForALockAsync();
        await Database.ExecuteAsync(eraser, "COMMIT");

        var answer = await asking;
        (answer.Status, Text(answer)).ShouldBe((HttpStatusCode.OK, "Hello from the model."), answer.Text);
    }

    [Fact]
    public async Task What_is_not_there_or_switched_off_is_told_apart()
    {
        using var admin = await shared.Api.LogInAsync(await shared.Api.Accounts.CreateAsync(isSystemAdmin: true));
        object message = new { customer = "a", text = "Hi" };
        (await admin.PostAsync("/api/businesses/999999/agents/calls/messages", message)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await shared.Client.PostAsync("/api/businesses/1/agents/fax/messages", message)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await shared.Client.PostAsync(Path, new { customer = "a", text = "Hi", conversationId = 999_999 })).Status
            .ShouldBe(HttpStatusCode.NotFound);

        var other = await shared.Client.PostAsync("/api/businesses/2/agents/whatsapp/messages", message);
        var foreign = await shared.Client.PostAsync(
            Path, new { customer = "a", text = "Hi", conversationId = other.Json.GetProperty("conversationId").GetInt64() });
        (foreign.Status, foreign.Problem).ShouldBe((HttpStatusCode.NotFound, "not-found"));

        await Database.ExecuteAsync(shared.Api.Database.Owner, "UPDATE businesses SET whatsapp_enabled = false WHERE id = 3");
        (await shared.Client.PostAsync("/api/businesses/3/agents/whatsapp/messages", message)).Problem.ShouldBe("channel-disabled");
        await Database.ExecuteAsync(shared.Api.Database.Owner, "UPDATE businesses SET is_active = false WHERE id = 3");
        (await shared.Client.PostAsync("/api/businesses/3/agents/whatsapp/messages", message)).Problem.ShouldBe("business-inactive");
    }

    [Fact]
    public async Task Client_who_leaves_has_the_call_cancelled_and_does_not_block_the_conversation()
    {
        shared.Provider.Next(Hangs());
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var leaving = SendRawAsync(Encoding.UTF8.GetBytes($$"""{"customer":"{{_customer}}","text":"Hi"}"""), leave.Token);
        await Eventually.TrueAsync(() => shared.Provider.Calls.Count is 1, "the provider is asked");
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);

        await Eventually.TrueAsync(() => shared.Provider.Leavers is 1, "the call is cancelled");
        await Eventually.TrueAsync(async () => (await AskAsync("Are you there?")).Status is HttpStatusCode.OK, "the conversation goes on");
    }

    [Fact]
    public async Task Prompt_changed_by_sql_shows_in_the_next_reply_of_the_other_replica()
    {
        await using var other = await TestApi.StartAsync(shared.Api.Database, shared.Environment);
        using var client = await other.LogInAsync(await shared.Api.Accounts.CreateAsync(memberships: [(1, "member")]));
        for (var version = 1; version <= 5; version++)
        {
            await Database.ExecuteAsync(
                shared.Api.Database.Owner, $"UPDATE businesses SET whatsapp_system_prompt = 'Rule {version}.' WHERE id = 1");
            foreach (var replica in (ApiClient[])[client, shared.Client])
            {
                (await replica.PostAsync(Path, new { customer = _customer, text = "Hi" })).Status.ShouldBe(HttpStatusCode.OK);
                shared.Provider.Calls[^1].Says("system").ShouldNotBeNull().ShouldContain($"Rule {version}.");
            }
        }
    }

    [Fact]
    public async Task Prompt_of_100_kilobytes_reaches_the_provider_whole()
    {
        await Database.ExecuteAsync(
            shared.Api.Database.Owner, "UPDATE businesses SET whatsapp_system_prompt = repeat('ש', 51200) WHERE id = 1");

        (await AskAsync("Hi")).Status.ShouldBe(HttpStatusCode.OK);

        shared.Provider.Calls[^1].Says("system").ShouldNotBeNull().Count(letter => letter is 'ש').ShouldBeGreaterThanOrEqualTo(51_200);
    }

    [Fact]
    public async Task Stream_is_brought_to_its_end_when_the_api_is_told_to_stop()
    {
        await using var api = await TestApi.StartAsync(shared.Api.Database, shared.Environment);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
        var release = new TaskCompletionSource();
        shared.Provider.Next(Waits("Hello", release.Task, " from the model."));
        var streaming = StreamAsync("Hi", client: client);
        await Eventually.TrueAsync(() => shared.Provider.Calls.Count is 1, "the provider is asked");

        api.Service.Signal(PosixSignal.SIGTERM);
        await api.Service.UntilLineAsync("Application is shutting down...");
        release.SetResult();

        var events = await streaming;
        events[^1].Type.ShouldBe("reply", string.Join('\n', api.Service.Lines));
        (await api.Service.WaitForExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Messages_stay_out_of_what_is_exported()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = await TestApi.StartAsync(shared.Api.Database, [.. shared.Environment, .. receiver.Environment]);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
        shared.Provider.Text = "A very private answer.";

        (await client.PostAsync(Path, new { customer = _customer, text = "A very private question" })).Status.ShouldBe(HttpStatusCode.OK);

        await Eventually.TrueAsync(
            () => receiver.Has("invoke_agent whatsapp") && receiver.Has("gen_ai.client.token.usage"), "spans and metrics are exported");
        receiver.Has("very private").ShouldBeFalse();
        receiver.Has("ההודעות קצרות").ShouldBeFalse();
    }

    private static string? Text(ApiAnswer answer) => answer.Json.GetProperty("text").GetString();

    private Task<ApiAnswer> AskAsync(string text, string? key = null) =>
        shared.Client.SendAsync(HttpMethod.Post, Path, new { customer = _customer, text }, key is null ? [] : [("Idempotency-Key", key)]);

    private async Task<IReadOnlyList<(string Type, JsonElement Data)>> StreamAsync(
        string text, string? key = null, ApiClient? client = null)
    {
        var answer = await (client ?? shared.Client).SendAsync(
            HttpMethod.Post, Path, new { customer = _customer, text }, [
                ("Accept", "text/event-stream"), .. key is null ? [] : (IEnumerable<(string, string)>)[("Idempotency-Key", key)]
            ]);
        (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.OK, "text/event-stream"), answer.Text);
        return [.. answer.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

        static (string, JsonElement) Parse(string item)
        {
            var lines = item.Split('\n');
            return (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement);
        }
    }

    private async Task<ApiAnswer> SendRawAsync(byte[] body, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };

        // The API refuses what is too large before it is sent.
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shared.Token);
        using var response = await shared.Api.Service.Http.SendAsync(request, cancellationToken ?? Cancellation);
        return await ApiAnswer.ReadAsync(response);
    }
}
