namespace ProSaas.Tests.Faults;

[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class ClockFaultTests(PostgresFixture postgres, FaultReport report)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact(Explicit = true)]
    public async Task Clock_that_jumps_while_the_gate_is_shut_neither_times_the_start_out_nor_prolongs_it()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ClockJumpsAtStart);
        using var clock = new ServiceClock();
        var api = fault.StartApi(clock.Environment);
        await fault.RefusesAsync(api, "starting", "initializing");

        await clock.SetAsync(api, Hour);
        await fault.RefusesAsync(api, "starting", "initializing");
        await clock.SetAsync(api, -Hour);
        await fault.RefusesAsync(api, "starting", "initializing");
        var worker = fault.StartWorker(clock.Environment);
        (await worker.WaitForExitAsync()).ShouldBe(0);
        await fault.RecoversAsync(api, within: 3, "the migrator's exit");
        await fault.SaysAsync(api, "✅ Warmed up 20 agents in ");
        await fault.NothingIsLostAsync(postgres);
        await fault.ServesAsync(api);
    }
}
