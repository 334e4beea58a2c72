using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard is and who may use it, by the settings that Aspire has for it.</summary>
/// <param name="Frontend">The address of the pages.</param>
/// <param name="OtlpGrpc">Where telemetry is sent by gRPC.</param>
/// <param name="OtlpHttp">Where telemetry is sent by HTTP.</param>
/// <param name="IsOpen">Whether nobody is asked for a token or a key.</param>
/// <param name="BrowserToken">What a browser shows once.</param>
/// <param name="ApiKey">What scripts show.</param>
/// <param name="OtlpApiKey">What senders of telemetry show.</param>
/// <param name="PortVariable">The setting that the ports come from; null if none does.</param>
internal sealed record DashboardSettings(
    Uri Frontend,
    Uri OtlpGrpc,
    Uri OtlpHttp,
    bool IsOpen,
    string BrowserToken,
    string ApiKey,
    string OtlpApiKey,
    string? PortVariable)
{
    private const string FrontendKey = "ASPNETCORE_URLS";
    private const string OtlpGrpcKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string OtlpHttpKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string OpenKey = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";
    private const int TokenLength = 32;

    /// <summary>What a browser is sent to first.</summary>
    public Uri LoginUrl => IsOpen ? Frontend : new(Frontend, $"/login?t={BrowserToken}");

    /// <summary>The settings, with the keys that were not set made anew and written back.</summary>
    /// <returns>Null if no addresses are set: then there is no dashboard.</returns>
    /// <exception cref="DistributedApplicationException">A setting is wrong.</exception>
    public static DashboardSettings? Read(IConfiguration configuration)
    {
        if (configuration[FrontendKey] is not { Length: > 0 } frontend || configuration[OtlpGrpcKey] is not { Length: > 0 } grpc)
        {
            return null;
        }

        // Several addresses are one for https and one for http; there is no certificate here.
        var page = Address(FrontendKey, frontend.Split(';').FirstOrDefault(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)) ?? frontend);
        var otlpGrpc = Address(OtlpGrpcKey, grpc);
        var otlpHttp = configuration[OtlpHttpKey] is { Length: > 0 } http ? Address(OtlpHttpKey, http) : new UriBuilder(otlpGrpc) { Port = otlpGrpc.Port + 1 }.Uri;
        return new(
            page,
            otlpGrpc,
            otlpHttp,
            IsTrue(configuration, OpenKey),
            Secret(configuration, "AppHost:BrowserToken", "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"),
            Secret(configuration, "AppHost:DashboardApiKey", "ASPIRE_DASHBOARD_API_KEY"),
            Secret(configuration, "AppHost:OtlpApiKey", "ASPIRE_DASHBOARD_OTLP_API_KEY"),
            configuration.AsEnumerable().FirstOrDefault(setting => setting.Key.EndsWith("_PORT", StringComparison.OrdinalIgnoreCase) && setting.Value == $"{page.Port}").Key);
    }

    private static Uri Address(string key, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http", IsLoopback: true, Port: > 0, AbsolutePath: "/" }
            ? address
            : throw new DistributedApplicationException($"{key} is '{text}'. Allowed: an http address of this machine with a port, such as http://127.0.0.1:18888.");

    private static bool IsTrue(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        { } text when bool.TryParse(text, out var value) => value,
        { } text => throw new DistributedApplicationException($"{key} is '{text}'. Allowed: true, false."),
    };

    private static string Secret(IConfiguration configuration, string key, string variable) =>
        configuration[key] ??= configuration[variable] is { Length: > 0 } given ? given : RandomNumberGenerator.GetHexString(TokenLength, lowercase: true);
}
