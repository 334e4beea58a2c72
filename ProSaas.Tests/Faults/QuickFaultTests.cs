namespace ProSaas.Tests.Faults;

/// <summary>Faults that a ready API gets over in a moment: the ordinary run has them.</summary>
[Trait(FaultLength.Trait, FaultLength.Quick)]
public sealed class QuickFaultTests(ReadyFixture fixture, FaultReport report) : IClassFixture<ReadyFixture>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Read_only_database_serves_reads_and_fails_writes_without_losing_any()
    {
        await using var fault = FaultCase.On(fixture, report, FaultList.ReadOnly);
        var client = await fault.LogInAsync(fixture.Api);
        await fault.RememberRowsAsync();

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" SET default_transaction_read_only = on");
        await fault.Relay.ResetAsync();
        await Eventually.TrueAsync(async () => await FaultCase.HealthAsync(fixture.Api) == "ok", "the API is connected again");
        await fault.ServesAsync(client, "`/api/health` 200, reads");
        var refused = await WriteAsync(client);
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refused.Text);
        refused.Problem.ShouldBe("database-unavailable");
        fault.Refused("writes `database-unavailable`");

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" RESET default_transaction_read_only");
        await fault.Relay.ResetAsync();
        await fault.NothingIsLostAsync();
        await fault.RecoversAsync(
            "writes after its end", within: 4, async () => (await WriteAsync(client)).Status is HttpStatusCode.Created);
    }

    [Fact]
    public async Task Connections_that_are_exhausted_are_told_soon_and_their_return_too()
    {
        await using var fault = FaultCase.On(fixture, report, FaultList.NoConnections);
        var client = await fault.LogInAsync(fixture.Api);
        await fault.RememberRowsAsync();

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" CONNECTION LIMIT 0");
        await fault.Relay.ResetAsync();
        await fault.RefusesAsync(fixture.Api, "database-unavailable", "unhealthy", within: 4);

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" CONNECTION LIMIT -1");
        await fault.RecoversAsync(fixture.Api, within: 3, "connections are free");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(client);
    }

    /// <summary>
    /// The wall clock of the API's process is set, so that it also differs from the database's.
    /// What it asks of its <see cref="TimeProvider"/>
    /// jumps, which is all that the product's own code asks; its timers do not, as with a real clock.
    /// </summary>
    [Fact]
    public async Task Clock_that_jumps_an_hour_and_back_ends_no_session_and_loses_no_write()
    {
        await using var fault = FaultCase.On(fixture, report, FaultList.ClockJumps);
        var client = await fault.LogInAsync(fixture.Api);
        using var program = new ApiClient(fixture.Api.Http.BaseAddress!);
        var account = await new TestAccounts(fault.Database).CreateAsync(memberships: [(1, "member")]);
        var tokens = await program.PostAsync("/api/auth/token", new { account.Email, account.Password });
        await using var writer = new FaqWriter(client);
        await writer.UntilConfirmedMoreAsync(3);

        await fixture.Clock.SetAsync(fixture.Api, Hour);
        await writer.UntilConfirmedMoreAsync(3);
        Use(tokens);
        (await program.GetAsync("/api/businesses/1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        fault.Refused("ahead: access tokens, good for five minutes, 401");
        tokens = await program.PostAsync("/api/auth/refresh", new { refreshToken = tokens.Json.GetProperty("refreshToken").GetString() });
        Use(tokens);
        await fault.ServesAsync(program, "programs, after a refresh");

        await fixture.Clock.SetAsync(fixture.Api, -Hour);
        await writer.UntilConfirmedMoreAsync(3);
        await fault.ServesAsync(program, "behind: programs with the token they have");
        await writer.StopAsync();
        // A busy machine checks the database late, whatever its clock says.
        writer.Answers.ShouldBeSubsetOf([HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
        fault.Served("browsers with the session they have, writes included");
        await fault.ServesAsync(await fault.LogInAsync(fixture.Api), "a new login");
        (await FaultCase.GetAsync(fixture.Api, "/version")).Json.GetProperty("uptime").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        await fault.NothingIsLostAsync(writer.Confirmed);
        await fixture.Clock.SetAsync(fixture.Api, TimeSpan.Zero);

        void Use(ApiAnswer answer) => program.Headers.Authorization = new("Bearer", answer.Json.GetProperty("accessToken").GetString());
    }

    [Fact]
    public async Task Breaking_migration_under_a_ready_replica_shuts_its_gate_again()
    {
        await using var fault = FaultCase.On(fixture, report, FaultList.BreakingWhileRunning);
        var client = await fault.LogInAsync(fixture.Api);
        await fault.RememberRowsAsync();

        await Database.ExecuteAsync(fault.Database.Owner, """
            BEGIN;
            ALTER TABLE faq_entries RENAME COLUMN answer TO reply;
            SELECT set_config('prosaas.required_release', '99.0.0', false);
            INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Breaking', 'test');
            COMMIT
            """);
        await fault.RefusesAsync(fixture.Api, "schema-changed", "initializing", within: 4);
        await fault.SaysAsync(fixture.Api, "release 99.0.0 or newer is needed");

        await Database.ExecuteAsync(fault.Database.Owner, """
            ALTER TABLE faq_entries RENAME COLUMN reply TO answer;
            DELETE FROM "__EFMigrationsHistory" WHERE migration_id = '29990101000000_Breaking';
            DELETE FROM schema_applied WHERE migration_id = '29990101000000_Breaking'
            """);
        await fault.NothingIsLostAsync();
        await fault.RecoversAsync(
            "writes after the migration is taken back", within: 4, async () => (await WriteAsync(client)).Status is HttpStatusCode.Created);
    }

    [Fact]
    public async Task Loss_of_the_WhatsApp_service_degrades_readiness_alone_until_it_is_back()
    {
        const string Path = "/api/businesses/1/whatsapp";
        await using var fault = FaultCase.On(fixture, report, FaultList.WhatsAppDown);
        var client = await fault.LogInAsync(fixture.Api);
        await fault.RememberRowsAsync();
        await Eventually.TrueAsync(() => IsReadyAsync("ready", "healthy"), "it is ready");

        await fixture.Baileys.DieAsync();
        await fault.RecoversAsync("`/readyz` 503 `degraded` after its death", within: 5, () => IsReadyAsync("degraded", "unhealthy"));
        fault.Refused("`/readyz` 503 `degraded`, which names `baileys_service`");
        var refused = await client.GetAsync(Path);
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "whatsapp-unavailable"), refused.Text);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        fault.Refused("the owner's question about the connection `whatsapp-unavailable`");
        await fault.ServesAsync(client, "`/livez`, `/api/health` 200, business requests");
        (await fixture.Api.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);
        (await FaultCase.HealthAsync(fixture.Api)).ShouldBe("ok");

        await fixture.Baileys.ReturnAsync();
        await fault.RecoversAsync("`/readyz` 200 after its return", within: 5, () => IsReadyAsync("ready", "healthy"));
        (await client.GetAsync(Path)).Status.ShouldBe(HttpStatusCode.OK);
        await fault.NothingIsLostAsync();

        async Task<bool> IsReadyAsync(string status, string service)
        {
            var answer = await FaultCase.GetAsync(fixture.Api, "/readyz");
            return answer.Json.GetProperty("status").ValueEquals(status)
                && answer.Json.GetProperty("dependencies").GetProperty("baileys_service").ValueEquals(service)
                && answer.Status == (status is "ready" ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        }
    }

    private static Task<ApiAnswer> WriteAsync(ApiClient client) =>
        client.PostAsync("/api/businesses/1/faq", new { question = $"Written {Guid.NewGuid():N}?", answer = "Yes", position = 1 });
}
