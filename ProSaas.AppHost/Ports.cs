using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>The ports of run mode, all on 127.0.0.1.</summary>
/// <param name="Api">The API's.</param>
/// <param name="Baileys">The WhatsApp service's.</param>
/// <param name="Postgres">PostgreSQL's; null for a free one.</param>
internal sealed record Ports(int Api, int Baileys, int? Postgres)
{
    private const int Last = 65535;

    /// <summary>
    /// Reads the ports and tells Aspire those of the dashboard: its pages, OTLP over gRPC, OTLP over HTTP,
    /// the AppHost's own service.
    /// </summary>
    /// <exception cref="StartFailure">A setting is not a port, or a port is taken.</exception>
    public static Ports Read(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var ports = new Ports(
            Read(configuration, "PROSAAS_API_PORT") ?? 5080,
            Read(configuration, "PROSAAS_BAILEYS_PORT") ?? 3300,
            Read(configuration, "PROSAAS_POSTGRES_PORT"));
        string[] dashboard = [
            "ASPNETCORE_URLS",
            "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
            "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
            "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"
        ];
        var first = Read(configuration, "PROSAAS_DASHBOARD_PORT", dashboard.Length) ?? 18888;

        // Tests have Aspire take free ports instead, and no dashboard; what is published has no ports of this machine.
        if (builder.ExecutionContext.IsRunMode && !configuration.GetValue<bool>("DcpPublisher:RandomizePorts"))
        {
            NeedFree(ports.Api, "PROSAAS_API_PORT");
            NeedFree(ports.Baileys, "PROSAAS_BAILEYS_PORT");
            foreach (var (index, key) in dashboard.Index())
            {
                NeedFree(first + index, "PROSAAS_DASHBOARD_PORT");
                configuration[key] = $"http://127.0.0.1:{first + index}";
            }

            if (ports.Postgres is { } postgres)
            {
                NeedFree(postgres, "PROSAAS_POSTGRES_PORT");
            }
        }

        return ports;
    }

    private static int? Read(ConfigurationManager configuration, string key, int count = 1)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= 1 && port <= Last - count + 1
            ? port
            : throw new StartFailure(
                StartFailure.Configuration, $"{key} is '{text}'. Allowed: a whole number from 1 to {Last - count + 1}.");
    }

    private static void NeedFree(int port, string key)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException exception)
        {
            var cause =
                exception.SocketErrorCode is SocketError.AddressAlreadyInUse ? "is in use" : $"cannot be opened ({exception.Message})";
            throw new StartFailure(
                StartFailure.Unavailable, $"Port {port} of 127.0.0.1 {cause}: stop what uses it, or set {key} to another one.");
        }
    }
}
