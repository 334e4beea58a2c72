using ProSaas.Api.Agents;
using ProSaas.ServiceDefaults.Startup;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Agents;

public sealed class AgentWarmupTests(PostgresFixture postgres)
{
    private static readonly string[] Announcements =
    [
        "✅ Migrations complete - starting agent warmup",
        "🔥 WARMUP: Pre-creating agents for active businesses...",
    ];

    [Fact]
    public async Task Active_businesses_are_read_most_recently_active_first()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 500);
        await Database.ExecuteAsync(owner,
            "UPDATE businesses SET is_active = false WHERE id = 7; UPDATE businesses SET calls_enabled = false, whatsapp_enabled = false WHERE id = 8");
        await using var warmup = new WarmupFixture(owner);

        var businesses = await warmup.ReadAsync();

        businesses.Select(business => business.Id).ShouldBe(Enumerable.Range(1, 500).Select(id => (long)id).Except([7, 8]));
        businesses.ShouldAllBe(business => business.Faq.Text == "Q: Question 1\nA: Answer 1\nQ: Question 2\nA: Answer 2");
    }

    [Fact]
    public async Task Number_of_statements_does_not_depend_on_the_number_of_businesses()
    {
        var few = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(few, 2);
        var many = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(many, 200);

        (await StatementsAsync(many)).ShouldBe(await StatementsAsync(few));

        static async Task<int> StatementsAsync(string owner)
        {
            await using var warmup = new WarmupFixture(owner);
            await warmup.Get<BusinessWarmer>().WarmAllAsync(remake: false, _ => { }, TestContext.Current.CancellationToken);
            using var spans = new SpanCollector("Npgsql");
            using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
            await warmup.Get<BusinessWarmer>().WarmAllAsync(remake: false, _ => { }, TestContext.Current.CancellationToken);
            root.Stop();
            var statements = spans.OfTrace(root.TraceId).Count;
            statements.ShouldBeGreaterThan(0);
            return statements;
        }
    }

    [Fact]
    public async Task Five_hundred_businesses_are_all_warmed()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 500);
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        (warmup.Count.Businesses, warmup.Count.WantedAgents, warmup.Count.WarmAgents).ShouldBe((500, 1000, 1000));
        warmup.Lines(LogLevel.Information).ShouldContain("📊 Found 500 businesses to warm up");
        warmup.Lines(LogLevel.Information).Last().ShouldStartWith("✅ Warmed up 1000 agents in ");
    }

    [Fact]
    public async Task Without_active_businesses_the_warmup_is_done_at_once()
    {
        await using var warmup = new WarmupFixture(await postgres.CreateMigratedAsync());
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        warmup.Lines(LogLevel.Information).ShouldContain("📊 Found 0 businesses to warm up");
        warmup.Lines(LogLevel.Information).Last().ShouldStartWith("✅ Warmed up 0 agents in ");
        warmup.Lines(LogLevel.Warning).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AgentWarmup:MaxBusinesses", "3", 3)]
    [InlineData("AgentWarmup:MemoryBudget", "1048576", 194)]
    public async Task Warmup_is_bounded(string key, string value, int warmed)
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 200, promptCharacters: 4096);
        await using var warmup = new WarmupFixture(owner, (key, value));
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        warmup.Count.Businesses.ShouldBe(warmed);
    }

    [Fact]
    public async Task Prompt_beyond_the_budget_is_left_to_its_first_use_and_does_not_take_the_place_of_others()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 3);
        await Database.ExecuteAsync(owner, "UPDATE businesses SET system_prompt = repeat('x', 2000000) WHERE id = 1");
        await using var warmup = new WarmupFixture(owner, ("AgentWarmup:MemoryBudget", "1048576"));
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        warmup.Count.Summary.ShouldBe("4/4 agents warm");
        warmup.Lines(LogLevel.Warning).ShouldHaveSingleItem()
            .ShouldBe("1 active businesses do not fit AgentWarmup:MemoryBudget of 1048576 bytes: their agents are made on first use");

        (await warmup.Profiles.GetAsync(1, version: 1, TestContext.Current.CancellationToken))
            .ShouldNotBeNull().SystemPrompt.Length.ShouldBe(2_000_000);
        Enumerable.Range(1, 3).Where(id => warmup.Profiles.Peek(id) is not null).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Business_that_is_used_takes_the_place_of_others_when_the_budget_is_spent()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 200, promptCharacters: 4096);
        await using var warmup = new WarmupFixture(owner, ("AgentWarmup:MemoryBudget", "1048576"));
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();
        warmup.Profiles.Peek(200).ShouldBeNull();

        await Eventually.TrueAsync(
            async () => await warmup.Profiles.GetAsync(200, version: 1, TestContext.Current.CancellationToken) is not null
                && warmup.Profiles.Peek(200) is not null,
            "it is kept");

        Enumerable.Range(1, 200).Count(id => warmup.Profiles.Peek(id) is not null).ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Odd_values_are_warmed_like_others()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 5);
        await Database.ExecuteAsync(owner, """
            UPDATE businesses SET system_prompt = '', greeting = '', business_type = '', whatsapp_system_prompt = '' WHERE id = 1;
            UPDATE businesses SET time_zone = 'Mars/Olympus', language = '', opening_hours = 'null' WHERE id = 2;
            UPDATE businesses SET system_prompt = repeat('ש{0}', 300000), last_activity_at = NULL, voice_name = NULL WHERE id = 3;
            UPDATE businesses SET name = '🦄 {Name} %s', last_activity_at = 'infinity' WHERE id = 4;
            UPDATE businesses SET last_activity_at = '-infinity' WHERE id = 5;
            DELETE FROM faq_entries WHERE business_id = 1;
            """);
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        warmup.Count.Summary.ShouldBe("10/10 agents warm");
    }

    [Fact]
    public async Task Business_that_fails_stops_no_other_is_shown_and_is_retried_until_it_is_warm()
    {
        var owner = await WithBrokenBusinessAsync();
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();

        await warmup.UntilWarmAsync();
        warmup.Count.Summary.ShouldBe("18/20 agents warm");
        (warmup.Gauge("prosaas.startup.agents.warm"), warmup.Gauge("prosaas.startup.agents.wanted")).ShouldBe((18, 20));
        warmup.Lines(LogLevel.Warning).ShouldContain("18/20 agents warm; the rest is tried again every 30 s");
        warmup.Lines(LogLevel.Error).Count(line => line.StartsWith("The agents of business 1 could not be made", StringComparison.Ordinal))
            .ShouldBe(1);
        var spans = warmup.Pipeline.Spans;
        spans.Single(span => span.OperationName == "startup.agent_warmup").Status.ShouldBe(ActivityStatusCode.Unset);

        await warmup.UntilLineAsync(LogLevel.Information, "18/20 agents warm after another try");
        await Database.ExecuteAsync(owner, "UPDATE businesses SET opening_hours = '[]' WHERE id = 1");
        await warmup.UntilLineAsync(LogLevel.Information, "20/20 agents warm after another try");
    }

    [Fact]
    public async Task Business_that_is_switched_off_while_it_cannot_be_warmed_is_not_wanted_any_more()
    {
        var owner = await WithBrokenBusinessAsync();
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();
        await warmup.UntilWarmAsync();

        await Database.ExecuteAsync(owner, "UPDATE businesses SET is_active = false WHERE id = 1");
        await warmup.UntilLineAsync(LogLevel.Information, "18/18 agents warm after another try");
        warmup.Count.Businesses.ShouldBe(9);
    }

    [Fact]
    public async Task Businesses_that_cannot_be_read_are_tried_five_times_and_then_every_30_s()
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(owner, "ALTER TABLE businesses RENAME TO businesses_away");
        await using var warmup = new WarmupFixture(owner);
        await warmup.StartAsync();

        await warmup.Pipeline.AdvanceUntilAsync(TimeSpan.FromSeconds(1), "agent_warmup", StartupPhaseState.Retrying);
        warmup.Pipeline.Phase("agent_warmup").Attempts.ShouldBe(5);
        warmup.Lines(LogLevel.Information).Where(Announcements.Contains).ShouldBe(Announcements);
        warmup.Pipeline.Outcome.ExitCode.ShouldBe(0);

        await Database.ExecuteAsync(owner, "ALTER TABLE businesses_away RENAME TO businesses");
        await warmup.UntilWarmAsync();
        warmup.Count.Summary.ShouldBe("20/20 agents warm");
    }

    [Fact]
    public async Task Lost_connection_costs_one_attempt_and_is_not_retried_inside_it()
    {
        var owner = await postgres.CreateMigratedAsync(seed: true);
        await using var warmup = new WarmupFixture(owner);
        await warmup.ReadAsync();
        await Database.ExecuteAsync(
            owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'prosaas_app'");

        await warmup.StartAsync();
        await warmup.UntilWarmAsync();

        warmup.Pipeline.Phase("agent_warmup").Attempts.ShouldBe(2);
    }

    private static Task AddBusinessesAsync(string owner, int count, int promptCharacters = 100) =>
        Database.ExecuteAsync(owner, string.Create(null, $"""
        INSERT INTO businesses (id, name, business_type, greeting, system_prompt, calls_enabled, whatsapp_enabled, last_activity_at)
        SELECT id, 'Business ' || id, 'bakery', 'Hello', repeat('p', {promptCharacters}), true, true, now() - make_interval(mins => id)
        FROM generate_series(1, {count}) AS id;
        INSERT INTO faq_entries (business_id, question, answer, position)
        SELECT b.id, 'Question ' || n, 'Answer ' || n, n FROM businesses b, generate_series(1, 2) AS n;
        """));

    private async Task<string> WithBrokenBusinessAsync()
    {
        var owner = await postgres.CreateMigratedAsync();
        await AddBusinessesAsync(owner, 10);
        await Database.ExecuteAsync(owner, """UPDATE businesses SET opening_hours = '[{"day":"funday"}]' WHERE id = 1""");
        return owner;
    }
}
