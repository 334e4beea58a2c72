using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using ProSaas.Api.Agents;
using ProSaas.Api.Startup;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Tests.ServiceDefaults;

public sealed class ServiceProcessTests
{
    [Fact]
    public async Task Exit_code_of_main_is_returned() =>
        (await ServiceProcess.RunAsync(() => Task.FromResult(7))).ShouldBe(7);

    [Fact]
    public async Task Wrong_setting_ends_with_78() =>
        (await ServiceProcess.RunAsync(() => throw new ConfigurationException("Startup:MigrationTimeout", "soon", "a duration")))
            .ShouldBe(78);

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
    public async Task Mistake_of_ours_is_not_hidden() =>
        await Should.ThrowAsync<InvalidOperationException>(() => ServiceProcess.RunAsync(() => throw new InvalidOperationException("bug")));

    [Fact]
    public async Task Host_told_to_stop_while_it_starts_stops_what_has_started()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<Stopped>();
        builder.Services.AddHostedService<Stopped>(provider => provider.GetRequiredService<Stopped>());
        builder.Services.AddHostedService<StopsTheHostAsItStarts>();
        using var host = builder.Build();

        await host.RunUntilStoppedAsync();

        host.Services.GetRequiredService<Stopped>().Told.ShouldBeTrue();
    }

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
        validator.Validate(name: null, new SchemaGateOptions { MigrationTimeout = TimeSpan.Zero }).FailureMessage
            .ShouldNotBeNull().ShouldContain("Startup:MigrationTimeout is '00:00:00'");
    }

    private sealed class Stopped : IHostedService
    {
        public bool Told { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Told = true;
            return Task.CompletedTask;
        }
    }

    private sealed class StopsTheHostAsItStarts(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
