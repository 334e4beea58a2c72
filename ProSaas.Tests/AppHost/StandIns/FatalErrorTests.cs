using Aspire.Hosting;
using Microsoft.Extensions.Hosting;

namespace ProSaas.Tests.AppHost.StandIns;

public sealed class FatalErrorTests
{
    [Fact]
    public void Wrong_level_of_the_log_is_a_wrong_setting()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Logging:LogLevel:Default"] = "Loud";
        var failure = Should.Throw<InvalidOperationException>(() => builder.Build());

        FatalErrors.ExitCodeOf(failure).ShouldBe(78);
        FatalErrors.Line(failure).ShouldBe("Logging:LogLevel: Configuration value 'Loud' is not supported. Allowed: Trace, Debug, Information, Warning, Error, Critical, None.");
    }

    [Fact]
    public void Mistake_of_ours_keeps_its_stack() => FatalErrors.ExitCodeOf(new InvalidOperationException("bug")).ShouldBeNull();
}
