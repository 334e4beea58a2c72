using ProSaas.Api.WhatsApp;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

/// <summary>The probe over a real HTTP server in the service's place; the pipeline's time is fake.</summary>
public sealed class WhatsAppProbeTests
{
    private const string Name = "whatsapp_probe";

    [Fact]
    public async Task Without_a_service_it_is_skipped_with_the_reason()
    {
        using var http = new HttpClient();
        await using var fixture = new PipelineFixture(new WhatsAppProbe(new WhatsAppService(http, new(Address: null, ""))));
        await fixture.StartAsync();

        await fixture.UntilAsync(Name, StartupPhaseState.Skipped);
        fixture.Phase(Name).Reason.ShouldBe("no WhatsApp service is configured (BAILEYS_HTTP)");
    }

    [Fact]
    public async Task Service_that_answers_is_asked_once()
    {
        await using var baileys = await BaileysServer.StartAsync();
        using var http = new HttpClient { BaseAddress = baileys.Address };
        await using var fixture = new PipelineFixture(Probe(http, baileys));
        await fixture.StartAsync();

        await fixture.UntilAsync(Name, StartupPhaseState.Succeeded);
        fixture.Phase(Name).Attempts.ShouldBe(1);
        fixture.Spans.ShouldContain(span => span.OperationName == "startup.whatsapp_probe");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_that_is_not_there_holds_up_nothing_and_is_found_when_it_comes(bool hangs)
    {
        await using var baileys = await BaileysServer.StartAsync();
        if (hangs)
        {
            baileys.Always = BaileysServer.Hangs;
        }
        else
        {
            await baileys.DieAsync();
        }

        using var http = new HttpClient { BaseAddress = baileys.Address };
        await using var fixture = new PipelineFixture(Probe(http, baileys), TestPhase.Succeeding("gate"));
        await fixture.StartAsync();

        await fixture.UntilAsync("gate", StartupPhaseState.Succeeded);
        await Eventually.TrueAsync(() => fixture.Spans.Any(span => span.OperationName == "startup"), "the start is finished without it");
        await fixture.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Name, StartupPhaseState.Retrying);
        (fixture.Outcome.ExitCode, fixture.Lifetime.ApplicationStopping.IsCancellationRequested).ShouldBe((0, false));

        if (hangs)
        {
            baileys.Always = null;
        }
        else
        {
            await baileys.ReturnAsync();
        }

        await fixture.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Name, StartupPhaseState.Succeeded);
    }

    private static WhatsAppProbe Probe(HttpClient http, BaileysServer baileys) =>
        new(new WhatsAppService(http, new(baileys.Address, "secret")));
}
