using ProSaas.Api.Agents;
using ProSaas.Api.Startup;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

/// <summary>What happens to warm agents when their business changes, over a real database.</summary>
public sealed class AgentRefreshTests(PostgresFixture postgres)
{
    private const string ListeningSql =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'prosaas-api agent changes' AND query ILIKE '%SELECT 1%'";

    [Fact]
    public async Task Change_is_heard_and_the_agent_remade_before_anybody_asks()
    {
        await using var warmup = await WarmAsync();
        await using var listener = await Listening.StartAsync(warmup);

        await Database.ExecuteAsync(warmup.Owner, "UPDATE businesses SET system_prompt = 'Sing.' WHERE id = 1");

        await Eventually.TrueAsync(() => Prompt(warmup, 1)?.Contains("Sing.", StringComparison.Ordinal) is true, "the agent is remade");
    }

    [Fact]
    public async Task Business_that_is_switched_off_or_made_meanwhile_is_forgotten_or_warmed()
    {
        await using var warmup = await WarmAsync();
        await using var listener = await Listening.StartAsync(warmup);
        warmup.Count.Summary.ShouldBe("20/20 agents warm");

        await Database.ExecuteAsync(warmup.Owner, "UPDATE businesses SET is_active = false WHERE id = 1");
        await Eventually.TrueAsync(
            () => warmup.Count.Summary is "18/18 agents warm" && Prompt(warmup, 1) is null, "the business is forgotten");

        await Database.ExecuteAsync(warmup.Owner,
            "INSERT INTO businesses (name, business_type, greeting, system_prompt, calls_enabled) VALUES ('New', 'new', 'Hello', 'Be new.', true)");
        await Eventually.TrueAsync(() => warmup.Count.Summary is "19/19 agents warm", "the new business is warmed");
    }

    [Fact]
    public async Task Listener_whose_connection_is_lost_listens_again()
    {
        await using var warmup = await WarmAsync();
        await using var listener = await Listening.StartAsync(warmup);

        await Database.ExecuteAsync(warmup.Owner,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'prosaas-api agent changes' AND datname = current_database()");
        await warmup.UntilLineAsync(LogLevel.Warning, "Changes of businesses are not heard of early at the moment");
        await listener.UntilListeningAsync();
        await Database.ExecuteAsync(warmup.Owner, "UPDATE businesses SET system_prompt = 'Sing.' WHERE id = 2");

        await Eventually.TrueAsync(() => Prompt(warmup, 2)?.Contains("Sing.", StringComparison.Ordinal) is true, "the agent is remade");
    }

    [Fact]
    public async Task Change_that_nobody_heard_of_is_found_by_its_version()
    {
        await using var warmup = await WarmAsync();
        await Database.ExecuteAsync(
            warmup.Owner, "UPDATE faq_entries SET answer = 'Never.' WHERE id = (SELECT min(id) FROM faq_entries WHERE business_id = 1)");
        var version = await Database.ScalarAsync<long>(warmup.Owner, "SELECT agent_version FROM businesses WHERE id = 1");

        var profile = await warmup.Profiles.GetAsync(1, version, TestContext.Current.CancellationToken);

        AgentPrompt.Compose(profile.ShouldNotBeNull(), AgentChannel.Calls).ShouldContain("Never.");
        (await warmup.Profiles.GetAsync(1, version, TestContext.Current.CancellationToken)).ShouldBeSameAs(profile);
    }

    [Fact]
    public async Task Cold_business_is_read_once_however_many_customers_wait()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));

        var profiles = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => Task.Run(() => warmup.Profiles.GetAsync(1, version: 1, TestContext.Current.CancellationToken).AsTask())));

        profiles.Distinct().ShouldHaveSingleItem().ShouldNotBeNull().Id.ShouldBe(1);
        (await warmup.Profiles.GetAsync(long.MaxValue, version: 1, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Rewarming_makes_all_anew_and_forgets_who_has_no_agents_any_more()
    {
        await using var warmup = await WarmAsync();
        var before = warmup.Profiles.Peek(2);
        await Database.ExecuteAsync(warmup.Owner, "UPDATE businesses SET is_active = false WHERE id = 1");

        (await warmup.Get<BusinessWarmer>().WarmAllAsync(remake: true, found: null, TestContext.Current.CancellationToken)).ShouldBeEmpty();

        warmup.Count.Summary.ShouldBe("18/18 agents warm");
        warmup.Profiles.Peek(1).ShouldBeNull();
        warmup.Profiles.Peek(2).ShouldNotBeNull().ShouldNotBeSameAs(before);
    }

    [Fact]
    public async Task Prompt_of_100_kilobytes_is_warmed_whole()
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(
            owner, "UPDATE businesses SET system_prompt = repeat('ש', 51200), whatsapp_system_prompt = NULL WHERE id = 1");
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();

        Prompt(warmup, 1).ShouldNotBeNull().Count(letter => letter is 'ש').ShouldBeGreaterThanOrEqualTo(51_200);
    }

    private static string? Prompt(WarmupFixture warmup, long business) =>
        warmup.Profiles.Peek(business) is { } profile ? AgentPrompt.Compose(profile, AgentChannel.Calls) : null;

    private async Task<WarmupFixture> WarmAsync()
    {
        var warmup = new WarmupFixture(await postgres.CreateMigratedAsync(seed: true));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();
        return warmup;
    }

    /// <summary>The listener, running.</summary>
    private sealed class Listening(AgentChangeListener listener, WarmupFixture warmup) : IAsyncDisposable
    {
        public static async Task<Listening> StartAsync(WarmupFixture warmup)
        {
            var gate = new SchemaGateState();
            gate.Open();
            var listener = new AgentChangeListener(
                gate, warmup.Get<DatabaseCheckFactory>(), warmup.Refresh, warmup.Pipeline.Time, warmup.Get<ILogger<AgentChangeListener>>());
            await listener.StartAsync(CancellationToken.None);
            var listening = new Listening(listener, warmup);
            await listening.UntilListeningAsync();
            return listening;
        }

        public Task UntilListeningAsync() => Eventually.TrueAsync(
            async () =>
            {
                warmup.Pipeline.Time.Advance(TimeSpan.FromSeconds(1));
                return await Database.ScalarAsync<long>(warmup.Owner, ListeningSql) is 1;
            },
            "it listens");

        public async ValueTask DisposeAsync()
        {
            await listener.StopAsync(CancellationToken.None);
            listener.Dispose();
        }
    }
}
