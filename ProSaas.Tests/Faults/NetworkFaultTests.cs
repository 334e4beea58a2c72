using ProSaas.Tests.Migrations;
using ProSaas.Testing.Linked.Pending;

namespace ProSaas.Tests.Faults;

/// <summary>A database that is late, gone or silent, by a relay before it.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class NetworkFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact(Explicit = true)]
    public async Task Database_that_is_late_is_waited_for()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.DatabaseLate);
        await fault.Relay.CutAsync();
        var api = fault.StartRelayedApi();
        var worker = fault.StartRelayedWorker();
        await fault.SaysAsync(worker, "Waiting for database");
        await fault.RefusesAsync(api, "starting", "initializing");

        fault.Relay.Restore();
        await fault.RecoversAsync(api, within: 30, "the database is up");
        (await worker.WaitForExitAsync()).ShouldBe(0);
        await fault.NothingIsLostAsync(postgres);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Database_later_than_the_limits_fails_the_migrator_and_is_waited_for_by_the_api()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.DatabaseTooLate);
        await fault.Relay.CutAsync();
        var api = fault.StartRelayedApi(("Startup__MigrationTimeout", "00:00:01"), ("PRODUCTION", "1"));
        var worker = fault.StartRelayedWorker(("Migrations__ConnectTimeout", "00:00:01"));
        await fault.ExitsAsync(worker, "the migrator", code: 1);
        await fault.SaysAsync(worker, "could not be reached within 00:00:01");
        await fault.SaysAsync(api, "❌ Agent warmup timeout waiting for migrations");
        await fault.RefusesAsync(api, "starting", "initializing");

        fault.Relay.Restore();
        await fault.FinishAsync(postgres, api);
        await fault.LetsThroughAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Database_that_is_lost_and_back_has_every_confirmed_write()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.DatabaseLost);
        var (api, client) = await fault.StartReadyAsync();
        await using var writer = new FaqWriter(client);
        await writer.UntilConfirmedMoreAsync(5);

        await fault.Relay.CutAsync();
        await fault.RefusesAsync(api, "database-unavailable", "unhealthy", within: 4);
        await fault.SaysAsync(api, "The database stopped answering; requests are refused until it is back");

        fault.Relay.Restore();
        await fault.RecoversAsync(api, within: 3, "its return");
        await fault.SaysAsync(api, "The database answers again");
        await WritesAgainAsync(fault, api, client, writer);
    }

    [Fact(Explicit = true)]
    public async Task Half_open_connections_are_refused_for_like_a_lost_database()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.HalfOpen);
        var (api, client) = await fault.StartReadyAsync();
        await using var writer = new FaqWriter(client);
        await writer.UntilConfirmedMoreAsync(5);

        fault.Relay.FallSilent(alsoNew: true);
        var waiting = Stopwatch.GetTimestamp();
        await fault.RefusesAsync(api, "database-unavailable", "unhealthy", within: 5);
        await writer.UntilAnsweredAsync(HttpStatusCode.ServiceUnavailable);
        fault.Recovered("a request that waited is answered 503", within: 10, waiting);
        (await api.StatusAsync("/readyz")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        fault.Refused("`/readyz` 503");

        fault.Relay.Restore();
        await fault.RecoversAsync(api, within: 4, "the network is back");
        await WritesAgainAsync(fault, api, client, writer);
    }

    [Fact(Explicit = true)]
    public async Task Old_connections_that_are_half_open_hold_no_request_up_for_long()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.OldHalfOpen);
        var (api, client) = await fault.StartReadyAsync();
        await fault.ServesAsync(client);
        await fault.RememberRowsAsync();

        fault.Relay.FallSilent(alsoNew: false);
        await fault.RecoversAsync("a business request 200 after the loss", within: 20,
            async () => (await client.GetAsync("/api/businesses/1")).Status is HttpStatusCode.OK);
        (await api.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);
        await fault.NothingIsLostAsync();
    }

    [Fact(Explicit = true)]
    public async Task Migrator_whose_connections_are_half_open_fails_and_the_next_finishes()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.MigratorHalfOpen);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var api = fault.StartApi();
        var worker = fault.StartRelayedWorker();
        await block.UntilReachedAsync();

        fault.Relay.FallSilent(alsoNew: true);
        await fault.ExitsAsync(worker, "the migrator", code: 1, within: 60);
        await fault.SaysAsync(worker, "❌ MIGRATION FAILED");
        await fault.RefusesAsync(api, "starting", "initializing");
        await block.UntilGoneAsync();

        fault.Relay.Restore();
        await fault.FinishAsync(postgres, api, block);
        await fault.ServesAsync(api);
    }

    /// <summary>Writes are confirmed again, and of those confirmed before none is lost.</summary>
    private static async Task WritesAgainAsync(FaultCase fault, ServiceHandle api, ApiClient client, FaqWriter writer)
    {
        await writer.UntilConfirmedMoreAsync(5);
        await writer.StopAsync();
        writer.Answers.ShouldBeSubsetOf([HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable], string.Join('\n', api.Lines));
        fault.Refused("a write under way at the loss 503, unconfirmed");
        await fault.NothingIsLostAsync(writer.Confirmed);
        await fault.ServesAsync(client);
    }
}
