using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ProSaas.Tests.Health;

/// <summary>The probe is a process of its own, as a container's health check starts it.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task Answer_that_is_a_success_is_shown_indented()
    {
        await using var service =
            await ServeAsync(context => context.Response.WriteAsync("""{"status":"ok","name":"שלום"}""", context.RequestAborted));

        var probe = await ProbeAsync($"{Address(service)}/api/health");

        probe.ShouldBe(new(0, "{\n  \"status\": \"ok\",\n  \"name\": \"שלום\"\n}\n", ""));
    }

    [Fact]
    public async Task Answer_that_is_not_a_success_fails_and_is_shown()
    {
        await using var service = await ServeAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync("not yet", context.RequestAborted);
        });

        var probe = await ProbeAsync($"{Address(service)}/api/health");

        probe.ShouldBe(new(1, "not yet\n", $"{Address(service)}/api/health answered 503.\n"));
    }

    [Fact]
    public async Task Redirection_is_not_a_success_and_not_followed()
    {
        var asked = 0;
        await using var service = await ServeAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        (await ProbeAsync($"{Address(service)}/")).ExitCode.ShouldBe(1);

        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_listening_fails_with_the_cause()
    {
        var address = $"http://127.0.0.1:{FreePorts.Next()}/api/health";

        (await ProbeAsync(address)).ShouldBe(new(1, "", $"{address} did not answer: Connection refused\n"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_that_hangs_fails_before_an_orchestrators_limit(bool afterItsFirstByte)
    {
        await using var service = await ServeAsync(async context =>
        {
            if (afterItsFirstByte)
            {
                await context.Response.WriteAsync("{", context.RequestAborted);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });

        (await ProbeAsync($"{Address(service)}/")).ShouldBe(new(1, "", $"{Address(service)}/ did not answer within 2.5 s.\n"));
    }

    [Fact]
    public async Task Settings_are_not_read()
    {
        await using var service = await ServeAsync(context => context.Response.WriteAsync("ok", context.RequestAborted));

        var probe = await ProbeAsync([
            $"{Address(service)}/"
        ], ("ASPNETCORE_URLS", Address(service)), ("Startup__MigrationTimeout", "soon"), ("HTTP_PROXY", "http://127.0.0.1:1"));

        probe.ShouldBe(new(0, "ok\n", ""));
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("/api/health")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://127.0.0.1:1/", "more")]
    public async Task Missing_or_wrong_address_is_a_mistake_in_the_command(params string[] addresses)
    {
        var probe = await ProbeAsync(addresses);

        probe.ExitCode.ShouldBe(64);
        probe.Output.ShouldBe("");
        probe.Error.ShouldBe("--probe takes one http:// or https:// address, for instance: --probe http://127.0.0.1:8080/api/health\n");
    }

    private static Task<WebApplication> ServeAsync(RequestDelegate answer) => LoopbackServer.StartAsync(app => app.Run(answer));

    private static string Address(WebApplication app) => app.Address();

    private static Task<ShellCommand> ProbeAsync(string address) => ProbeAsync([address]);

    private static Task<ShellCommand> ProbeAsync(string[] addresses, params (string Name, string? Value)[] environment) =>
        ShellCommand.RunAsync(
            "/",
            environment.ToDictionary(variable => variable.Name, variable => variable.Value),
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ProSaas.Api.dll"), "--probe", .. addresses]);
}
