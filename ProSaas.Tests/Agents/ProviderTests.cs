using ProSaas.Api.Agents.Providers;
using static ProSaas.Testing.OpenAiServer;

namespace ProSaas.Tests.Agents;

/// <summary>The chat pipeline against a server that speaks the provider's protocol.</summary>
public sealed class ProviderTests
{
    public static TheoryData<string, string> Misbehaviours => new()
    {
        { "http_500", "500" }, { "http_400", "400" }, { "malformed_answer", "garbage" }, { "timeout", "hang" }, { "empty_answer", "empty" },
    };

    [Fact]
    public async Task Answer_is_asked_for_with_the_business_prompt_and_tools_and_its_tokens_are_counted()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);

        var answer = await agent.AskAsync("Do you deliver on Friday?");

        (answer.Text, answer.Answerer, answer.InputTokens, answer.OutputTokens, answer.FaqEntryId).ShouldBe(
            ("Hello from the model.", "openai", 11, 7, null));
        var call = server.Calls.ShouldHaveSingleItem();
        call.Authorization.ShouldBe("Bearer key-of-the-tests");
        call.Body.GetProperty("model").GetString().ShouldBe("model-of-the-tests");
        call.Says("user").ShouldNotBeNull().ShouldContain("Do you deliver on Friday?");
        call.Says("system").ShouldNotBeNull().ShouldContain("Until noon.");
        call.Body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString())
            .ShouldBe(["opening_hours_now", "take_message", "hand_over"]);
    }

    [Fact]
    public async Task Stream_comes_in_parts_and_its_tokens_are_counted()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);
        List<string> parts = [];

        var answer = (await agent.StreamAsync(parts)).ShouldNotBeNull();

        parts.ShouldBe(["Hello", " from", " the", " model."]);
        (answer.Text, answer.Answerer, answer.InputTokens, answer.OutputTokens).ShouldBe(("Hello from the model.", "openai", 11, 7));
    }

    [Fact]
    public async Task Answer_of_NUL_alone_is_none()
    {
        await using var server = (await StartAsync()).Next(Says("\0"));
        await using var agent = AgentFixture.Over(server);

        (await agent.AskAsync()).Answerer.ShouldBe("embedded");
    }

    [Fact]
    public async Task Busy_provider_is_asked_again_after_the_pause_it_wants()
    {
        await using var server = (await StartAsync()).Next(Fails(429, retryAfter: "4"), Fails(503));
        await using var agent = AgentFixture.Over(server);
        var started = agent.Time.GetUtcNow();

        (await agent.AskAsync()).Answerer.ShouldBe("openai");

        server.Calls.Count.ShouldBe(3);
        (agent.Time.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Pause_may_be_given_as_a_date()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);
        var until = agent.Time.GetUtcNow() + TimeSpan.FromSeconds(4);
        server.Next(Fails(429, retryAfter: until.ToString("R", CultureInfo.InvariantCulture)));

        (await agent.AskAsync()).Answerer.ShouldBe("openai");

        server.Calls.Count.ShouldBe(2);
        (agent.Time.GetUtcNow() - until).ShouldBeGreaterThan(TimeSpan.FromSeconds(-1));
    }

    [Fact]
    public async Task Pause_that_is_too_long_is_not_waited_for()
    {
        await using var server = (await StartAsync()).Next(Fails(429, retryAfter: "60"));
        await using var agent = AgentFixture.Over(server);

        var answer = await agent.AskAsync();

        (answer.Text, answer.Answerer, answer.FaqEntryId, agent.Draft.FallbackReason).ShouldBe(
            ("From the FAQ.", "embedded", 42, "http_429"));
        server.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Provider_that_misbehaves_is_stood_in_for(string reason, string behaviour)
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);

        Misbehave(server, behaviour);
        var whole = await agent.AskAsync();
        (whole.Text, whole.Answerer, whole.FaqEntryId, agent.Draft.FallbackReason).ShouldBe(("From the FAQ.", "embedded", 42, reason));

        Misbehave(server, behaviour);
        List<string> parts = [];
        var streamed = (await agent.StreamAsync(parts)).ShouldNotBeNull();
        (string.Concat(parts), streamed.Answerer, streamed.FaqEntryId).ShouldBe(("From the FAQ.", "embedded", 42));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_that_is_cut_after_its_first_words_ends_in_a_failure_and_not_in_another_answer(bool inOrder)
    {
        var read = new TaskCompletionSource();
        await using var server = (await StartAsync()).Next(CutsOff("We deliver", read.Task, inOrder));
        await using var agent = AgentFixture.Over(server);
        List<string> parts = [];

        var streaming = agent.StreamAsync(parts);
        await Eventually.TrueAsync(() => parts.Count is 2, "the first words are there");
        read.SetResult();
        var failure = await Should.ThrowAsync<ProviderFailedException>(() => streaming);

        failure.Reason.ShouldBe("cut_off");
        string.Concat(parts).ShouldBe("We deliver");
        agent.Draft.FallbackReason.ShouldBeNull();
    }

    [Fact]
    public async Task Stream_that_falls_silent_is_not_waited_for_without_end()
    {
        await using var server = (await StartAsync()).Next(Hangs("We deliver"));
        await using var agent = AgentFixture.Over(server);

        (await Should.ThrowAsync<ProviderFailedException>(() => agent.StreamAsync([]))).Reason.ShouldBe("timeout");
        await Eventually.TrueAsync(() => server.Leavers is 1, "the call is cancelled");
    }

    [Fact]
    public async Task Provider_that_keeps_failing_is_left_alone_for_a_while()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);
        server.Next([.. Enumerable.Repeat(Fails(500), 30)]);
        while (agent.Draft.FallbackReason is not "circuit_open")
        {
            (await agent.AskAsync()).Answerer.ShouldBe("embedded");
            server.Calls.Count.ShouldBeLessThan(20);
        }

        var asked = server.Calls.Count;
        await agent.AskAsync();
        server.Calls.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task Connection_is_opened_at_no_cost_and_its_failure_is_no_failure_of_the_start()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);
        await agent.ConnectAsync();
        (server.Connections, server.Calls.Count).ShouldBe((1, 0));

        await using var alone = new AgentFixture(false, ("OPENAI_API_KEY", "key"), ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"));
        var connecting = alone.ConnectAsync();
        await Eventually.AdvancingAsync(alone.Time, TimeSpan.FromMilliseconds(50), () => connecting.IsCompleted, "it is given up");
        await connecting;
    }

    [Fact]
    public async Task Server_that_is_not_there_is_stood_in_for()
    {
        await using var agent = new AgentFixture(false, ("OPENAI_API_KEY", "key"), ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"));

        (await agent.AskAsync()).Text.ShouldBe("From the FAQ.");
        agent.Draft.FallbackReason.ShouldBe("unreachable");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_that_the_model_calls_is_run_and_its_result_sent_back(bool streamed)
    {
        await using var server = (await StartAsync())
            .Next(CallsTool("opening_hours_now"), CallsTool("take_message", """{"text":"Call me: 03-5550001"}"""), CallsTool("hand_over"));
        await using var agent = AgentFixture.Over(server);

        var answer = streamed ? (await agent.StreamAsync([])).ShouldNotBeNull() : await agent.AskAsync();

        answer.Text.ShouldBe("Hello from the model.");
        agent.Draft.OwnerMessage.ShouldBe("Call me: 03-5550001");
        agent.Draft.HandOver.ShouldBeTrue();
        server.Calls[1].Says("tool").ShouldNotBeNull().ShouldContain("It is Sunday 10:30 in Asia/Jerusalem. The business is open now.");
    }

    [Fact]
    public async Task Model_that_calls_tools_without_end_is_stopped()
    {
        await using var server = await StartAsync();
        await using var agent = AgentFixture.Over(server);
        server.Next([.. Enumerable.Repeat(CallsTool("opening_hours_now"), 50)]);

        await agent.AskAsync();

        server.Calls.Count.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task Caller_who_leaves_has_the_call_cancelled()
    {
        await using var server = (await StartAsync()).Next(Hangs());
        await using var agent = AgentFixture.Over(server);

        var asking = agent.AskAsync();
        await Eventually.TrueAsync(() => server.Calls.Count is 1, "the provider is asked");
        await agent.Leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await Eventually.TrueAsync(() => server.Leavers is 1, "the call is cancelled");
    }

    [Fact]
    public async Task Ollama_is_spoken_to_in_its_own_protocol()
    {
        await using var server = await OllamaServer.StartAsync();
        await using var agent = new AgentFixture(
            false, ("Agents:Provider", "ollama"), ("OLLAMA_BASE_URL", server.Address), ("OLLAMA_MODEL", "llama-of-the-tests"));

        var answer = await agent.AskAsync();

        (answer.Text, answer.Answerer, answer.InputTokens, answer.OutputTokens).ShouldBe(("Hello from Ollama.", "ollama", 3, 2));
        var asked = JsonDocument.Parse(server.Bodies.ShouldHaveSingleItem()).RootElement;
        asked.GetProperty("model").GetString().ShouldBe("llama-of-the-tests");
        asked.GetProperty("options").GetProperty("num_predict").GetInt32().ShouldBe(1_000);
    }

    private static void Misbehave(OpenAiServer server, string behaviour) => server.Next(behaviour switch
    {
        "500" => [Fails(500), Fails(500), Fails(500)],
        "400" => [Fails(400)],
        "garbage" => [Garbage("data: <html>busy</html>\n\n")],
        "hang" => [Hangs()],
        _ => [Says("")],
    });
}
