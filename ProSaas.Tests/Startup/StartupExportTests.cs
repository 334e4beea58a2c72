using ProSaas.Data.Schema;
using ProSaas.Testing.Linked.Pending;

namespace ProSaas.Tests.Startup;

/// <summary>What the real processes send to a collector.</summary>
public sealed class StartupExportTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Worker_sends_its_spans_before_it_exits_and_the_api_links_to_its_run()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var database = await TestDatabase.CreateAsync(postgres);
        await using var worker = ServiceHandle.StartMigrationWorker(
            database.WorkerEnvironment([.. collector.Environment, .. PendingMigrations.Environment]));
        (await worker.WaitForExitAsync()).ShouldBe(0);
        string[] names =
            ["startup", "startup.migrate", "startup.migrate.migration", "startup.migrate.seed", "prosaas.startup.phase.duration"];
        foreach (var sent in names.Concat(SchemaContract.Migrations).Concat(PendingMigrations.Ids))
        {
            collector.Has(sent).ShouldBeTrue(sent);
        }

        var traceParent = (await Database.ScalarAsync<string>(database.Owner, "SELECT trace_parent FROM migration_runs")).ShouldNotBeNull();
        var span = Convert.FromHexString(traceParent.Split('-')[2]);
        await using var collectorOfTheApi = await OtlpReceiver.StartAsync();
        await using var api = ServiceHandle.StartApi(
            database.ApiEnvironment([.. collectorOfTheApi.Environment, ("OTEL_BSP_SCHEDULE_DELAY", "100")]));
        await api.UntilLineAsync("Startup finished");

        await Eventually.TrueAsync(
            () => collectorOfTheApi.Has("startup.schema_gate") && collectorOfTheApi.Has("startup.agent_warmup.business"),
            "the phases' spans are sent");
        collectorOfTheApi.Has(span).ShouldBeTrue("the gate's span links to the run of the worker");
    }

    [Fact]
    public async Task Start_that_fails_fast_sends_its_root_span_before_it_exits()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(
            database.ApiEnvironment([.. collector.Environment, ("Startup__MigrationTimeout", "00:00:00.5")]));
        (await api.WaitForExitAsync()).ShouldBe(1);

        collector.Has("startup.schema_gate").ShouldBeTrue();
        collector.Has("schema_gate failed").ShouldBeTrue();
        collector.Has("prosaas.startup.failures").ShouldBeTrue();
    }
}
