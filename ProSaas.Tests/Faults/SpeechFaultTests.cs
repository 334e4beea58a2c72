using Grpc.Core;

namespace ProSaas.Tests.Faults;

/// <summary>A speech provider that is down while the API starts and after: nobody waits for it.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class SpeechFaultTests(PostgresFixture postgres, FaultReport report)
{
    private const string Path = "/api/businesses/1/speech";

    [Fact(Explicit = true)]
    public async Task Speech_that_hangs_delays_no_start_and_no_other_request() =>
        await BreakAsync(FaultList.SpeechHangs, GoogleServer.Hangs, "timeout", phaseFailsWithin: 20);

    [Fact(Explicit = true)]
    public async Task Speech_that_refuses_stops_no_start_and_no_other_request() =>
        await BreakAsync(
            FaultList.SpeechRefuses, GoogleServer.Fails(StatusCode.ResourceExhausted), "resource_exhausted", phaseFailsWithin: 20);

    private async Task BreakAsync(string name, Func<ServerCallContext, Task> how, string reason, double phaseFailsWithin)
    {
        await using var google = await GoogleServer.StartAsync();
        google.Always = how;
        await using var fault = await FaultCase.CreateAsync(postgres, report, name);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        var api = fault.StartApi([.. google.Environment, ("Speech__AttemptTimeout", "00:00:02")]);
        await fault.RecoversAsync(
            "`/api/health` 200 after the API's start", within: 30, async () => await api.StatusAsync("/api/health") == HttpStatusCode.OK);
        await fault.ServesAsync(api);
        var client = await fault.LogInAsync(api);
        await Eventually.TrueAsync(() => StateAsync(api, "failed"), "the warmup is given up", phaseFailsWithin);
        fault.Served("`/api/startup` says that `tts_warmup` failed");

        var refused = await client.PostAsync(Path, new { text = "Hello" });
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "speech-unavailable"), refused.Text);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        fault.Refused("speech `speech-unavailable`");
        await fault.SaysAsync(api, $"Nobody could speak: {reason}");

        google.Always = null;
        await fault.RecoversAsync("speech after the provider is back", within: 20,
            async () => (await client.PostAsync(Path, new { text = "Hello" })).Status is HttpStatusCode.OK);
        await fault.NothingIsLostAsync();
    }

    private static async Task<bool> StateAsync(ServiceHandle api, string state) =>
        (await FaultCase.GetAsync(api, "/api/startup")).Json.GetProperty("phases").EnumerateArray()
            .Single(phase => phase.GetProperty("name").ValueEquals("tts_warmup")).GetProperty("state").ValueEquals(state);
}
