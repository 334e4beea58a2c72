using System.Net.Sockets;
using ProSaas.Tests.LocalPostgres;

namespace ProSaas.Tests.AppHost;

/// <summary>What ends the AppHost before it starts anything: one line with cause and remedy, and an exit code.</summary>
public sealed class BadSettingTests : IDisposable
{
    private readonly DataFolder _data = new();

    [Theory]
    [InlineData("PROSAAS_API_PORT", 0)]
    [InlineData("PROSAAS_BAILEYS_PORT", 0)]
    [InlineData("PROSAAS_POSTGRES_PORT", 0)]
    [InlineData("PROSAAS_DASHBOARD_PORT", 0)]
    [InlineData("PROSAAS_DASHBOARD_PORT", 1)]
    [InlineData("PROSAAS_DASHBOARD_PORT", 2)]
    [InlineData("PROSAAS_DASHBOARD_PORT", 3)]
    public async Task Port_in_use_is_named_with_its_setting(string setting, int offset)
    {
        var ports = AppHostProcess.Ports();
        var port = int.Parse(ports[setting], CultureInfo.InvariantCulture) + offset;
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        await using var appHost = AppHostProcess.Start(_data.Path, ports);

        await ShouldEndAsync(appHost, 69, $"Port {port} of 127.0.0.1 is in use: stop what uses it, or set {setting} to another one.");
    }

    [Theory]
    [InlineData("PROSAAS_API_PORT", "abc", "a whole number from 1 to 65535")]
    [InlineData("PROSAAS_API_PORT", "0", "a whole number from 1 to 65535")]
    [InlineData("PROSAAS_BAILEYS_PORT", "65536", "a whole number from 1 to 65535")]
    [InlineData("PROSAAS_POSTGRES_PORT", "-1", "a whole number from 1 to 65535")]
    [InlineData("PROSAAS_DASHBOARD_PORT", "65533", "a whole number from 1 to 65532")]
    [InlineData("PROSAAS_POSTGRES", "x", "container or local")]
    public async Task Setting_that_is_wrong_is_named_with_what_is_allowed(string setting, string value, string allowed)
    {
        var ports = AppHostProcess.Ports();

        await using var appHost = AppHostProcess.Start(
            _data.Path, ports, new Dictionary<string, string>(StringComparer.Ordinal) { [setting] = value });

        await ShouldEndAsync(appHost, 78, $"{setting} is '{value}'. Allowed: {allowed}.");
    }

    [Theory]
    [InlineData("echo 'Cannot connect to the Docker daemon.' >&2; exit 1")]
    [InlineData("sleep 60")]
    public async Task Container_without_an_engine_that_answers_is_refused(string engine)
    {
        var programs = Directory.CreateDirectory(_data.Combine("programs")).FullName;
        foreach (var name in (string[])["docker", "podman"])
        {
            var path = Path.Combine(programs, name);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n{engine}\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PROSAAS_POSTGRES"] = "container",
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}"
        };
        await using var appHost = AppHostProcess.Start(_data.Path, AppHostProcess.Ports(), settings);

        await ShouldEndAsync(appHost, 69,
            "PROSAAS_POSTGRES is 'container', but no container engine answers: start Docker or Podman, or set PROSAAS_POSTGRES=local.");
    }

    public void Dispose() => _data.Dispose();

    private static async Task ShouldEndAsync(AppHostProcess appHost, int exitCode, string line)
    {
        (await appHost.WaitForExitAsync()).ShouldBe(exitCode, appHost.ToString());
        appHost.Errors.ShouldBe([line]);
        await appHost.UntilNothingIsLeftAsync(seconds: 2);
    }
}
