using Aspire.Dashboard.Application;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard;

// By itself, as Aspire's can be: it takes telemetry from anyone with the key and knows no resources. With an AppHost it runs in that one's process.
var configuration = new ConfigurationManager();
configuration.AddEnvironmentVariables();
if (DashboardSettings.Read(configuration) is not { } settings)
{
    Console.Error.WriteLine("ASPNETCORE_URLS and ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL must say where the dashboard and its OTLP endpoint are, such as http://127.0.0.1:18888 and http://127.0.0.1:18889.");
    return 78;
}

using var ended = new CancellationTokenSource();
Console.CancelKeyPress += (_, end) =>
{
    end.Cancel = true;
    ended.Cancel();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    ended.Cancel();
});

var time = TimeProvider.System;
await using var server = new DashboardServer(settings, new TelemetryStore(new TelemetryLimits(), time), new ConsoleLog(time), new NoApplication(time), time);
await server.StartAsync(ended.Token);
Console.WriteLine($"Dashboard: {settings.LoginUrl}");
await Task.Delay(Timeout.InfiniteTimeSpan, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
return 0;
