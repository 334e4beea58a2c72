using System.Net;
using System.Net.Sockets;
using Aspire.Dashboard.Hosting;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class DashboardSettingsTests
{
    [Fact]
    public void Without_addresses_there_is_no_dashboard() => DashboardSettings.Read(Configuration()).ShouldBeNull();

    [Fact]
    public void Addresses_are_aspires_and_keys_are_new_in_each_run()
    {
        var first = Read(("PROSAAS_DASHBOARD_PORT", "18888"));
        var second = Read();

        (first.Frontend, first.OtlpGrpc, first.OtlpHttp).ShouldBe((new Uri("http://127.0.0.1:18888"), new Uri("http://127.0.0.1:18889"), new Uri("http://127.0.0.1:18890")));
        first.PortVariable.ShouldBe("PROSAAS_DASHBOARD_PORT");
        first.LoginUrl.ShouldBe(new Uri($"http://127.0.0.1:18888/login?t={first.BrowserToken}"));
        new[] { first.BrowserToken, first.ApiKey, first.OtlpApiKey, second.BrowserToken, second.ApiKey, second.OtlpApiKey }.ShouldBeUnique();
    }

    [Fact]
    public void Keys_and_anonymous_mode_are_set_as_in_aspire()
    {
        var settings = Read(("AppHost:OtlpApiKey", "otlp"), ("ASPIRE_DASHBOARD_API_KEY", "api"), ("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN", "token"), ("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"));

        (settings.OtlpApiKey, settings.ApiKey, settings.BrowserToken, settings.IsOpen).ShouldBe(("otlp", "api", "token", true));
        settings.LoginUrl.ShouldBe(settings.Frontend);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "nowhere")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:18888")]
    [InlineData("ASPNETCORE_URLS", "https://localhost:18888")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://elsewhere.test:18889")]
    [InlineData("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "maybe")]
    public void Wrong_setting_is_named_with_its_value_and_what_is_allowed(string key, string value)
    {
        var message = Should.Throw<DistributedApplicationException>(() => Read((key, value))).Message;

        message.ShouldStartWith($"{key} is '{value}'. Allowed: ");
    }

    [Fact]
    public async Task Port_in_use_is_named_with_its_variable()
    {
        var port = FreePorts.NextRow(3);
        var settings = Read(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://127.0.0.1:{port + 1}"), ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", null), ("PROSAAS_DASHBOARD_PORT", $"{port}"));
        using var other = new TcpListener(IPAddress.Loopback, port + 2);
        other.Start();

        var message = (await Should.ThrowAsync<DistributedApplicationException>(() => Task.Run(() => DashboardHost.RequireFree(settings)))).Message;

        message.ShouldBe($"Port {port + 2}, which the dashboard needs for OTLP over HTTP, is in use: free it, or set PROSAAS_DASHBOARD_PORT to another.");
    }

    private static DashboardSettings Read(params IEnumerable<(string Key, string? Value)> settings) => DashboardSettings.Read(Configuration(
    [
        ("ASPNETCORE_URLS", "http://127.0.0.1:18888"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://127.0.0.1:18889"), ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://127.0.0.1:18890"), .. settings,
    ])).ShouldNotBeNull();

    private static ConfigurationManager Configuration(params IEnumerable<(string Key, string? Value)> settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        return configuration;
    }
}
