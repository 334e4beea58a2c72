using System.Net.Http.Headers;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>A dashboard on free ports, over an application that the test makes up.</summary>
internal sealed class DashboardStage : IAsyncDisposable
{
    private DashboardServer? _server;

    private DashboardStage(DashboardSettings settings, TelemetryLimits limits) =>
        (Settings, Store, Console, Application) = (settings, new TelemetryStore(limits, TimeProvider.System), new ConsoleLog(TimeProvider.System), new FakeApplication());

    public DashboardSettings Settings { get; }

    public TelemetryStore Store { get; }

    public ConsoleLog Console { get; }

    public FakeApplication Application { get; }

    public static async Task<DashboardStage> StartAsync(bool isOpen = false, TelemetryLimits? limits = null)
    {
        var port = FreePorts.NextRow(3);
        var settings = new DashboardSettings(At(port), At(port + 1), At(port + 2), isOpen, "the-browser-token", "the-api-key", "the-otlp-key", "PROSAAS_DASHBOARD_PORT");
        var stage = new DashboardStage(settings, limits ?? new TelemetryLimits());
        stage._server = new DashboardServer(settings, stage.Store, stage.Console, stage.Application, TimeProvider.System);
        await stage._server.StartAsync(TestContext.Current.CancellationToken);
        return stage;

        static Uri At(int port) => new($"http://127.0.0.1:{port}");
    }

    /// <summary>A browser that has not logged in.</summary>
    public HttpClient CreateBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Settings.Frontend };

    /// <summary>A script with the key.</summary>
    public HttpClient CreateScript()
    {
        var client = CreateBrowser();
        client.DefaultRequestHeaders.Add("x-api-key", Settings.ApiKey);
        return client;
    }

    /// <summary>A sender of telemetry over HTTP.</summary>
    public HttpClient CreateSender(string? key = null)
    {
        var client = new HttpClient { BaseAddress = Settings.OtlpHttp };
        client.DefaultRequestHeaders.Add("x-otlp-api-key", key ?? Settings.OtlpApiKey);
        return client;
    }

    /// <summary>A sender of telemetry over gRPC.</summary>
    public HttpClient CreateGrpcSender(string? key = null)
    {
        var client = new HttpClient { BaseAddress = Settings.OtlpGrpc };
        client.DefaultRequestHeaders.Add("x-otlp-api-key", key ?? Settings.OtlpApiKey);
        return client;
    }

    public static ByteArrayContent Protobuf(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
