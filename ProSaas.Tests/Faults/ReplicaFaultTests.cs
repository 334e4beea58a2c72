using System.Runtime.InteropServices;

namespace ProSaas.Tests.Faults;

/// <summary>Replicas that are replaced: by a newer release, by a restart, under load.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class ReplicaFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact(Explicit = true)]
    public async Task Compatible_migration_of_a_newer_release_disturbs_no_older_replica()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.CompatibleRelease);
        var (running, client) = await fault.StartReadyAsync();
        await using var writer = new FaqWriter(client);
        await writer.UntilConfirmedMoreAsync(5);

        await Database.ExecuteAsync(fault.Database.Owner, """
            BEGIN;
            ALTER TABLE faq_entries ADD COLUMN of_the_future text;
            INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Compatible', 'test');
            COMMIT
            """);
        var restarted = fault.StartRelayedApi();
        await fault.RecoversAsync(restarted, within: 30, "an older replica's restart");
        await fault.ServesAsync(restarted);
        await writer.UntilConfirmedMoreAsync(5);
        await writer.StopAsync();
        writer.Answers.ShouldBe([HttpStatusCode.Created]);
        fault.Served("every request of the replica that ran");
        (await FaultCase.HealthAsync(running)).ShouldBe("ok");
        await fault.NothingIsLostAsync(writer.Confirmed);
    }

    [Fact(Explicit = true)]
    public async Task Breaking_migration_of_a_newer_release_keeps_an_older_replica_from_starting()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.BreakingRelease);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        await Database.ExecuteAsync(fault.Database.Owner,
            "INSERT INTO schema_applied (migration_id, required_release) VALUES ('29990101000000_Breaking', '99.0.0')");
        var older = fault.StartApi();
        await fault.SaysAsync(older, "release 99.0.0 or newer is needed");
        await fault.RefusesAsync(older, "starting", "initializing");
        await fault.ExitsAsync(fault.StartWorker(), "an older migrator", code: 1);

        // What the newer release would find: nothing that it needs a mark for.
        await Database.ExecuteAsync(
            fault.Database.Owner, "UPDATE schema_applied SET required_release = NULL WHERE migration_id = '29990101000000_Breaking'");
        await fault.RecoversAsync(older, within: 4, "the mark is taken back");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(older);
    }

    [Fact(Explicit = true)]
    public async Task Sigterm_during_warmup_ends_the_process_and_the_next_warms_all()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.StopInWarmup);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        await using var held = await Database.OpenAsync(fault.Database.Owner);
        await Database.ExecuteAsync(held, "BEGIN; LOCK TABLE businesses IN ACCESS EXCLUSIVE MODE");
        var stopped = fault.StartApi();
        await stopped.UntilLineAsync("🔥 WARMUP: Pre-creating agents for active businesses...");

        stopped.Signal(PosixSignal.SIGTERM);
        await fault.ExitsAsync(stopped, "the API", code: 0, within: 10);
        stopped.Lines.ShouldAllBe(line => !line.Contains("ERROR", StringComparison.Ordinal));

        await Database.ExecuteAsync(held, "ROLLBACK");
        var api = fault.StartApi();
        await fault.RecoversAsync(api, within: 30, "the next start");
        await fault.SaysAsync(api, "✅ Warmed up 20 agents in ");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Sigterm_under_load_refuses_nothing_until_the_listener_closes()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.StopUnderLoad);
        var (api, client) = await fault.StartReadyAsync(("Health__DrainDelay", "00:00:02"));
        using var reader = await fault.LogInAsync(api);
        var answers = new ConcurrentQueue<(HttpStatusCode? Status, long At)>();
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadUntilRefusedAsync(reader, answers)));
        await Eventually.TrueAsync(() => answers.Count >= 20, "there is load");

        // One request is under way when the signal comes and ends only after the listener has closed.
        await using var held = await Database.OpenAsync(fault.Database.Owner);
        await Database.ExecuteAsync(held, "BEGIN; LOCK TABLE faq_entries IN ACCESS EXCLUSIVE MODE");
        var question = $"Written {Guid.NewGuid():N}?";
        var slow = client.PostAsync("/api/businesses/1/faq", new { question, answer = "Yes", position = 1 });
        await Eventually.TrueAsync(
            () => Database.ScalarAsync<bool>(fault.Database.Owner, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"),
            "a write waits");

        var signalled = Stopwatch.GetTimestamp();
        api.Signal(PosixSignal.SIGTERM);
        await Eventually.TrueAsync(async () => await FaultCase.HealthAsync(api) == "stopping", "readiness falls", seconds: 2);
        var fell = Stopwatch.GetTimestamp();
        fault.Refused("`/api/health` 503 `stopping`, first");
        await reading;
        await Database.ExecuteAsync(held, "ROLLBACK");

        (await slow).Status.ShouldBe(HttpStatusCode.Created);
        fault.Served("every request until the listener closes; the one under way then");
        (await api.WaitForExitAsync()).ShouldBe(0);
        fault.Recovered("exit 0 after the signal", within: 20, signalled);
        answers.Where(answer => answer.Status is not null).ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Where(answer => answer.Status is null).ShouldAllBe(answer => answer.At > fell);
        await fault.NothingIsLostAsync([question]);
    }

    [Fact(Explicit = true)]
    public async Task Sigterm_while_answers_stream_brings_each_to_its_end()
    {
        const int Customers = 4;
        await using var provider = await OpenAiServer.StartAsync();
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.StopWhileStreaming);
        var (api, client) = await fault.StartReadyAsync([.. provider.Environment, ("Health__DrainDelay", "00:00:01")]);
        var release = new TaskCompletionSource();
        provider.Next([.. Enumerable.Repeat(OpenAiServer.Waits("Hello", release.Task, " from the model."), Customers)]);
        var asked = provider.Calls.Count;
        var streams = Enumerable.Range(0, Customers).Select(customer => client.SendAsync(
            HttpMethod.Post,
            "/api/businesses/1/agents/whatsapp/messages",
            new { customer = $"+97254555000{customer}", text = "What does a visit cost?" },
            ("Accept", "text/event-stream"))).ToArray();
        await Eventually.TrueAsync(() => provider.Calls.Count == asked + Customers, "every customer's answer has begun");

        var signalled = Stopwatch.GetTimestamp();
        api.Signal(PosixSignal.SIGTERM);
        await Eventually.TrueAsync(async () => await FaultCase.HealthAsync(api) == "stopping", "readiness falls", seconds: 2);
        fault.Refused("`/api/health` 503 `stopping`, first");
        await api.UntilLineAsync("Application is shutting down...");
        release.SetResult();

        foreach (var stream in await Task.WhenAll(streams))
        {
            stream.Text.ShouldContain("event: reply");
            stream.Text.ShouldContain("Hello from the model.");
        }

        fault.Served("each answer under way, to its end");
        (await api.WaitForExitAsync()).ShouldBe(0);
        fault.Recovered("exit 0 after the signal", within: 20, signalled);
        await fault.AnswersAreStoredAsync("Hello from the model.", Customers);
    }

    private static async Task ReadUntilRefusedAsync(ApiClient client, ConcurrentQueue<(HttpStatusCode? Status, long At)> answers)
    {
        while (true)
        {
            try
            {
                answers.Enqueue(((await client.GetAsync("/api/businesses/1")).Status, Stopwatch.GetTimestamp()));
            }
            catch (HttpRequestException)
            {
                answers.Enqueue((null, Stopwatch.GetTimestamp()));
                return;
            }
        }
    }
}
