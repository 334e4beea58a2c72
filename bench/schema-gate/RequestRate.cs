using System.Globalization;
using System.Net;

namespace ProSaas.Bench.SchemaGate;

/// <summary>Requests a second of the probes' endpoints as a ratio to a bare <c>MapGet</c>, by turns. The load comes from wrk.</summary>
internal static class RequestRate
{
    private const int Rounds = 5;

    public static async Task MeasureAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var (barePort, port) = (FreePorts.Next(), FreePorts.Next());
        await using var bare = BareApi.Start(barePort);
        await using var api = ServiceHandle.StartApi(server.ApiEnvironment("roles", "Production"), port);
        foreach (var (target, path) in (IEnumerable<(int, string)>)[(barePort, "/livez"), (port, "/api/health")])
        {
            using var probe = new Probe(target, path);
            await probe.UntilAsync(HttpStatusCode.OK, cancellationToken);
        }

        List<double> live = [];
        List<double> health = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var plain = await LoadAsync(barePort, "/livez", cancellationToken);
            live.Add(await LoadAsync(port, "/livez", cancellationToken) / plain);
            health.Add(await LoadAsync(port, "/api/health", cancellationToken) / plain);
        }

        // The first round warms all three.
        Console.WriteLine(
            $"requests a second as a ratio to a bare MapGet, median of {Rounds} rounds: /livez {live.Skip(1).Median():0.00} ({Range(live)}), /api/health {health.Skip(1).Median():0.00} ({Range(health)})");
    }

    private static string Range(List<double> ratios) => $"{ratios.Skip(1).Min():0.00} to {ratios.Skip(1).Max():0.00}";

    private static async Task<double> LoadAsync(int port, string path, CancellationToken cancellationToken)
    {
        const string Label = "Requests/sec:";
        await using var load = ChildProcess.Start(["wrk", "-t1", "-c16", "-d3s", $"http://127.0.0.1:{port}{path}"]);
        await load.WaitForExitAsync();
        var line = load.Lines.FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk failed: {string.Join(' ', load.Lines)}");
        return double.Parse(line.AsSpan(Label.Length), CultureInfo.InvariantCulture);
    }
}
