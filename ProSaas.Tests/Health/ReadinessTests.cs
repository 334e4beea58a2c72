using ProSaas.Api.Health;
using ProSaas.Api.Startup;
using ProSaas.Api.WhatsApp;

namespace ProSaas.Tests.Health;

/// <summary>The check of what the API depends on, with a WhatsApp service that is well, ill, silent, gone and back.</summary>
public sealed class ReadinessTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Service_is_watched_beside_the_database_through_its_death_and_return()
    {
        await using var baileys = await BaileysServer.StartAsync();
        using var http = new HttpClient { BaseAddress = baileys.Address };
        await using var readiness = await RunAsync(http, baileys.Address);
        (await NowAsync(readiness)).ShouldBe(("healthy", "healthy", false));

        baileys.Always = BaileysServer.Answers(503, """{"status":"stopping"}""");
        (await NowAsync(readiness)).ShouldBe(("healthy", "unhealthy", true));

        baileys.Always = null;
        (await NowAsync(readiness)).ShouldBe(("healthy", "healthy", false));

        await baileys.DieAsync();
        (await NowAsync(readiness)).ShouldBe(("healthy", "unhealthy", true));

        await baileys.ReturnAsync();
        (await NowAsync(readiness)).ShouldBe(("healthy", "healthy", false));
    }

    [Fact]
    public async Task Service_that_hangs_is_told_within_two_seconds_and_by_one_check()
    {
        await using var baileys = await BaileysServer.StartAsync();
        var checks = 0;
        baileys.Always = context =>
        {
            Interlocked.Increment(ref checks);
            return BaileysServer.Hangs(context);
        };
        using var http = new HttpClient { BaseAddress = baileys.Address };
        await using var readiness = await RunAsync(http, baileys.Address);
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => NowAsync(readiness)));

        answers.Distinct().ShouldBe([("healthy", "unhealthy", true)]);
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeInRange(0.9, 2);
        checks.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_service_only_the_database_counts()
    {
        using var http = new HttpClient();
        await using var readiness = await RunAsync(http, address: null);

        (await NowAsync(readiness)).ShouldBe(("healthy", "not configured", false));
    }

    [Fact]
    public async Task Before_the_gate_the_service_is_told_all_the_same()
    {
        await using var baileys = await BaileysServer.StartAsync();
        using var http = new HttpClient { BaseAddress = baileys.Address };
        await using var readiness = new ReadinessCheck(
            new SchemaGateState(), new DatabaseCheckFactory("Host=127.0.0.1"), new WhatsAppService(http, new(baileys.Address, "secret")));

        (await NowAsync(readiness)).ShouldBe(("unhealthy", "healthy", true));
    }

    private static async Task<(string Database, string Service, bool AreDegraded)> NowAsync(ReadinessCheck readiness)
    {
        var dependencies = await readiness.RunAsync(TestContext.Current.CancellationToken);
        return (dependencies.Database, dependencies.BaileysService, dependencies.AreDegraded);
    }

    private async Task<ReadinessCheck> RunAsync(HttpClient http, Uri? address)
    {
        var gate = new SchemaGateState();
        gate.Open();
        return new(gate, new DatabaseCheckFactory(Database.AsApp(await postgres.CreateMigratedAsync())),
            new WhatsAppService(http, new(address, "secret")));
    }
}
