namespace ProSaas.Tests.Faults;

/// <summary>The one case that runs at the lengths of production.</summary>
[Trait(FaultLength.Trait, FaultLength.Full)]
public sealed class FullLengthFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact(Explicit = true)]
    public async Task Database_that_is_90_s_late_fails_the_migrator_at_60_s_and_is_waited_for_by_the_api()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.FullLength);
        await fault.Relay.CutAsync();
        var started = Stopwatch.StartNew();
        var api = fault.StartRelayedApi(("PRODUCTION", "1"));
        var worker = fault.StartRelayedWorker();
        await fault.ExitsAsync(worker, "the migrator", code: 1, within: 80);
        started.Elapsed.TotalSeconds.ShouldBeGreaterThan(55);
        await fault.SaysAsync(api, "❌ Agent warmup timeout waiting for migrations");
        await Eventually.TrueAsync(() => started.Elapsed.TotalSeconds >= 90, "90 s have passed", seconds: 60);
        await fault.RefusesAsync(api, "starting", "initializing");

        fault.Relay.Restore();
        await fault.FinishAsync(postgres, api);
        await fault.LetsThroughAsync(api);
    }
}
