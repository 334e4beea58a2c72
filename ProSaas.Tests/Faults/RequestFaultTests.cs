using ProSaas.Tests.Startup;

namespace ProSaas.Tests.Faults;

/// <summary>What happens to the database while one request is at work there.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class RequestFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact(Explicit = true)]
    public async Task Commit_whose_connection_is_lost_is_told_as_unknown_and_done_once_at_most()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.LostInCommit);
        var (api, client) = await fault.StartReadyAsync();
        await fault.RememberRowsAsync();
        await using (await OutcomeUnknownTests.HoldCommitsAsync(fault.Database, "faq_entries"))
        {
            var sending = client.PostAsync("/api/businesses/1/faq", new { question = "Under way?", answer = "Yes.", position = 1 });
            await Eventually.TrueAsync(() => OutcomeUnknownTests.CommitWaitsAsync(fault.Database), "the commit waits");
            await fault.Relay.CutAsync();

            var answer = await sending;
            (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "outcome-unknown"), answer.Text);
            answer.Headers.RetryAfter.ShouldBeNull();
            fault.Refused("the request whose commit it was `outcome-unknown`, without `Retry-After`");
        }

        fault.Relay.Restore();
        await fault.RecoversAsync(api, within: 4, "the network is back");
        await fault.ServesAsync(client);
        await Eventually.TrueAsync(async () => !await OutcomeUnknownTests.CommitWaitsAsync(fault.Database), "the commit has ended");
        (await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT count(*) FROM faq_entries WHERE question = 'Under way?'"))
            .ShouldBeInRange(0, 1);
        await fault.NothingIsLostAsync();
        fault.Lost("nothing; the row under way is there once or not at all");
    }

    [Fact(Explicit = true)]
    public async Task Statement_that_takes_too_long_is_given_up_and_not_run_again()
    {
        const string Path = "/api/businesses/1/contacts";
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.SlowStatement);
        var (_, client) = await fault.StartReadyAsync(
            ("ConnectionStrings__prosaasdb", $"{fault.Relayed.Runtime};Command Timeout=1;Application Name=timed"));
        await fault.RememberRowsAsync();
        await using var holder = await Database.OpenAsync(fault.Database.Owner);
        await Database.ExecuteAsync(holder, "BEGIN; LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE");

        var started = Stopwatch.GetTimestamp();
        var sending = client.GetAsync(Path);
        await fault.ServesAsync(client, "other requests meanwhile");
        HashSet<string> statements = [];
        await Eventually.TrueAsync(
            async () =>
            {
                statements.UnionWith(await Database.ColumnAsync(fault.Database.Owner, """
                    SELECT concat_ws(' ', pid, query_start) FROM pg_stat_activity
                    WHERE application_name = 'timed' AND wait_event_type = 'Lock' AND query LIKE '%contacts%'
                    """));
                return sending.IsCompleted;
            },
            "the request is answered");
        fault.Recovered("the request is answered, with a limit of 1 s for a statement", within: 3.9, started);
        var answer = await sending;
        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "database-unavailable"), answer.Text);
        statements.ShouldHaveSingleItem();
        fault.Refused("the request `database-unavailable`; its statement was run once");

        await Database.ExecuteAsync(holder, "ROLLBACK");
        await fault.RecoversAsync("the same request 200 after the lock is free", within: 4,
            async () => (await client.GetAsync(Path)).Status is HttpStatusCode.OK);
        await fault.NothingIsLostAsync();
    }
}
