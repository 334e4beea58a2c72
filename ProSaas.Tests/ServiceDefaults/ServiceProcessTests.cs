using Microsoft.Extensions.Configuration;
using ProSaas.Api.Agents;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Tests.ServiceDefaults;

public sealed class ServiceProcessTests
{
    [Fact]
    public async Task Exit_code_of_main_is_returned()
        => (await ServiceProcess.RunAsync(() => Task.FromResult(7))).ShouldBe(7);

    [Fact]
    public async Task Wrong_setting_ends_with_78()
        => (await ServiceProcess.RunAsync(() => throw new ConfigurationException("Startup:MigrationTimeout", "soon", "a duration"))).ShouldBe(78);

    [Fact]
    public async Task Value_that_does_not_convert_ends_with_78()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Startup:MigrationTimeout"] = "soon" })
            .Build();

        (await ServiceProcess.RunAsync(() =>
        {
            configuration.GetSection("Startup").Get<SchemaGateOptions>();
            return Task.FromResult(0);
        })).ShouldBe(78);
    }

    [Fact]
    public async Task Mistake_of_ours_is_not_hidden()
        => await Should.ThrowAsync<InvalidOperationException>(() => ServiceProcess.RunAsync(() => throw new InvalidOperationException("bug")));

    [Fact]
    public void Value_outside_its_range_is_named_with_what_is_allowed()
    {
        var result = new AgentWarmupOptionsValidator().Validate(name: null, new AgentWarmupOptions { MaxConcurrency = 0 });

        result.FailureMessage.ShouldNotBeNull().ShouldContain("AgentWarmup:MaxConcurrency is '0'. Allowed: 1 to 1024.");
    }

    [Fact]
    public void Range_of_a_duration_is_checked()
    {
        var validator = new SchemaGateOptionsValidator();

        validator.Validate(name: null, new SchemaGateOptions()).Succeeded.ShouldBeTrue();
        validator.Validate(name: null, new SchemaGateOptions { MigrationTimeout = TimeSpan.Zero }).FailureMessage.ShouldNotBeNull().ShouldContain("Startup:MigrationTimeout is '00:00:00'");
    }
}
