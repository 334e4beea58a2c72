namespace ProSaas.Tests.Agents;

public sealed class AgentEndpointTests(PostgresFixture postgres, ApiFixture fixture)
{
    [Fact]
    public async Task Agents_are_shown_warm_with_their_version_and_what_they_took()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(3, "member")]));
        await api.Service.UntilLineAsync("✅ Warmed up 20 agents in ");

        var answer = await client.GetAsync("/api/businesses/3/agents");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        var agents = answer.Json.GetProperty("agents").EnumerateArray().ToList();
        agents.Select(agent => agent.GetProperty("channel").GetString()).ShouldBe(["calls", "whatsapp"]);
        foreach (var agent in agents)
        {
            agent.GetProperty("state").GetString().ShouldBe("warm");
            agent.GetProperty("since").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(-1));
            agent.GetProperty("madeInMilliseconds").GetDouble().ShouldBeInRange(0, 10_000);
            agent.GetProperty("version").GetInt64().ShouldBe(answer.Json.GetProperty("version").GetInt64());
        }
    }

    [Fact]
    public async Task Agents_of_a_business_that_is_not_there_are_not_found_and_of_an_inactive_one_cold()
    {
        var api = await fixture.GetAsync(postgres);
        using var admin = await api.LogInAsync(await api.Accounts.CreateAsync(isSystemAdmin: true));

        (await admin.GetAsync("/api/businesses/999999/agents")).Problem.ShouldBe("not-found");
        var inactive = await Database.ScalarAsync<long>(api.Database.Owner, "SELECT min(id) FROM businesses WHERE NOT is_active");
        (await admin.GetAsync($"/api/businesses/{inactive}/agents")).Json.GetProperty("agents").EnumerateArray()
            .ShouldAllBe(agent => agent.GetProperty("state").GetString() == "cold" && !agent.GetProperty("isEnabled").GetBoolean());
    }

    [Fact]
    public async Task Rewarming_is_for_administrators_and_for_who_has_the_key_of_the_run()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Startup__RewarmKey", "key of the run"));
        using var admin = await api.LogInAsync(await api.Accounts.CreateAsync(isSystemAdmin: true));
        using var owner = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "owner")]));
        using var nobody = api.CreateClient();

        var answer = await admin.PostAsync("/api/startup/rewarm");
        (answer.Status, answer.Json.GetProperty("warmAgents").GetInt32()).ShouldBe((HttpStatusCode.OK, 20), answer.Text);
        (await owner.PostAsync("/api/startup/rewarm")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await nobody.PostAsync("/api/startup/rewarm")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.SendAsync(HttpMethod.Post, "/api/startup/rewarm", null, ("X-Rewarm-Key", "another key"))).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.SendAsync(HttpMethod.Post, "/api/startup/rewarm", null, ("X-Rewarm-Key", "key of the run"))).Status
            .ShouldBe(HttpStatusCode.OK);
        await api.Service.UntilLineAsync("All agents made anew: 20 are warm after ");
    }

    [Fact]
    public async Task Without_a_key_of_the_run_an_empty_one_lets_nobody_in()
    {
        var api = await fixture.GetAsync(postgres);
        using var nobody = api.CreateClient();

        (await nobody.SendAsync(HttpMethod.Post, "/api/startup/rewarm", null, ("X-Rewarm-Key", ""))).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Description_has_a_page_in_development()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = api.CreateClient();

        var page = await client.GetAsync("/scalar/");
        (page.Status, page.MediaType).ShouldBe((HttpStatusCode.OK, "text/html"));
    }
}
