namespace ProSaas.Tests.Faults;

/// <summary>What can happen to the agent warmup of a real API.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class WarmupFaultTests(PostgresFixture postgres, FaultReport report)
{
    private const string Found = "📊 Found 10 businesses to warm up";

    /// <summary>The pause between two tries is 30 s.</summary>
    private const double NextTry = 40;

    [Fact(Explicit = true)]
    public async Task Business_that_cannot_be_warmed_stops_no_other_and_is_tried_again()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ColdBusiness);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        var cold = await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT max(id) FROM businesses WHERE is_active");
        var hours = await Database.ScalarAsync<string>(
            fault.Database.Owner, $"SELECT opening_hours::text FROM businesses WHERE id = {cold}");
        await SetHoursAsync(fault, cold, """[{"day":"funday"}]""");
        var api = fault.StartApi();
        await fault.SaysAsync(api, "18/20 agents warm; the rest is tried again every 30 s");
        await fault.ServesAsync(api);

        await SetHoursAsync(fault, cold, hours!);
        await fault.RecoversAsync("20/20 agents warm after the repair", NextTry, async () => await WarmAsync(api) == (20, 20));
        await fault.NothingIsLostAsync();
    }

    [Fact(Explicit = true)]
    public async Task Businesses_that_cannot_be_read_five_times_are_read_in_the_background()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ReadingFails);
        await fault.Database.MigrateAsync();
        await Database.ExecuteAsync(fault.Database.Owner, "REVOKE SELECT ON businesses FROM prosaas_system");
        var api = fault.StartApi();
        await Eventually.TrueAsync(async () => await AttemptsAsync(api) >= 5, "five attempts", seconds: 40);
        await fault.RememberRowsAsync();
        await fault.ServesAsync(api);
        api.Lines.ShouldAllBe(line => !line.Contains(Found, StringComparison.Ordinal));

        await fault.RememberRowsAsync();
        await Database.ExecuteAsync(fault.Database.Owner, "GRANT SELECT ON businesses TO prosaas_system");
        await fault.RecoversAsync("20/20 agents warm after the repair", NextTry, async () => await WarmAsync(api) == (20, 20));
        await fault.SaysAsync(api, Found);
        await fault.NothingIsLostAsync();
    }

    [Fact(Explicit = true)]
    public async Task Businesses_that_change_during_warmup_are_warmed_as_they_are_after_it()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ChangedInWarmup);
        await fault.Database.MigrateAsync();
        await using var changing = await Database.OpenAsync(fault.Database.Owner);
        await Database.ExecuteAsync(changing, "BEGIN; LOCK TABLE businesses IN ACCESS EXCLUSIVE MODE");
        var api = fault.StartApi();
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(fault.Database.Owner,
                "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT granted AND datname = current_database())"),
            "the warmup reads");

        await Database.ExecuteAsync(changing, """
            INSERT INTO businesses (id, name, business_type, greeting, system_prompt, calls_enabled, whatsapp_enabled)
            SELECT id, 'Added ' || id, 'bakery', 'Hello', 'Be brief.', true, true FROM generate_series(1001, 1003) AS id;
            UPDATE businesses SET is_active = false WHERE id = (SELECT max(id) FROM businesses WHERE is_active AND id < 1000);
            UPDATE businesses SET system_prompt = 'Changed.' WHERE id = 1;
            COMMIT
            """);
        await fault.RecoversAsync(
            "all agents of the businesses as they are now warm", within: 10, async () => await WarmAsync(api) == (24, 24));
        await fault.SaysAsync(api, "📊 Found 12 businesses to warm up");
        await fault.RememberRowsAsync();
        (await Database.ScalarAsync<long>(
            fault.Database.Owner, "SELECT count(*) FROM businesses WHERE system_prompt = 'Changed.' OR name LIKE 'Added %'")).ShouldBe(4);
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(api);
    }

    private static Task SetHoursAsync(FaultCase fault, long business, string hours) =>
        Database.ExecuteAsync(fault.Database.Owner,
            $"SET session_replication_role = replica; UPDATE businesses SET opening_hours = '{hours}' WHERE id = {business}");

    private static async Task<(int Warm, int Wanted)> WarmAsync(ServiceHandle api)
    {
        var warmup = (await FaultCase.GetAsync(api, "/api/startup")).Json.GetProperty("warmup");
        return (warmup.GetProperty("warmAgents").GetInt32(), warmup.GetProperty("wantedAgents").GetInt32());
    }

    private static async Task<int> AttemptsAsync(ServiceHandle api)
    {
        try
        {
            return (await FaultCase.GetAsync(api, "/api/startup")).Json.GetProperty("phases").EnumerateArray()
                .Single(phase => phase.GetProperty("name").ValueEquals("agent_warmup")).GetProperty("attempts").GetInt32();
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
