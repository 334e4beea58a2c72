using System.Diagnostics.Metrics;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Agents;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Architecture;

/// <summary>What operators read and load speaks of things that exist.</summary>
public sealed partial class OperatorFilesTests
{
    [Fact]
    public void Every_metric_of_the_alert_rules_is_measured()
    {
        var named = MetricName().Matches(Repository.Read("deploy/alerts.yml")).Select(match => match.Value).Distinct().ToList();

        named.Count.ShouldBe(7);
        named.Except(Instruments().SelectMany(InPrometheus)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_log_line_of_the_operators_guide_is_said()
    {
        var sources = string.Concat(
            Repository.ProductSources.Where(file => file.EndsWith("/Log.cs", StringComparison.Ordinal)).Select(Repository.Read));
        var guide = Repository.Read("docs/startup.md");
        var section = guide[guide.IndexOf(
            "## What each log line", StringComparison.Ordinal)..guide.IndexOf("## Troubleshooting", StringComparison.Ordinal)];
        var named = LogLine().Matches(section).Select(match => match.Groups["line"].Value).ToList();

        named.Count.ShouldBeGreaterThan(15);
        named.Where(line => !sources.Contains($"\"{line}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Kubernetes_asks_livez_whether_to_start_the_api_again_and_health_for_the_rest()
    {
        var guide = string.Concat(
            Repository.Files.Where(file => file.StartsWith("docs/deploy", StringComparison.Ordinal)).Select(Repository.Read));

        KubernetesProbe().Matches(guide).Select(match => (match.Groups["probe"].Value, match.Groups["path"].Value))
            .ShouldBe([("startup", "/api/health"), ("readiness", "/api/health"), ("liveness", "/livez")]);
    }

    private static List<Instrument> Instruments()
    {
        using var services = new ServiceCollection()
            .AddMetrics().AddSingleton<StartupTelemetry>().AddSingleton<WarmupProgress>().AddSingleton<LoginTelemetry>()
            .BuildServiceProvider();
        List<Instrument> found = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is StartupTelemetry.Name or LoginTelemetry.Name)
                {
                    lock (found)
                    {
                        found.Add(instrument);
                    }
                }
            },
        };
        listener.Start();
        services.GetRequiredService<WarmupProgress>();
        services.GetRequiredService<LoginTelemetry>();
        return found;
    }

    // https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/: units in braces are left out.
    private static IEnumerable<string> InPrometheus(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        return instrument switch
        {
            Histogram<double> { Unit: "s" } => [$"{name}_seconds_bucket", $"{name}_seconds_sum", $"{name}_seconds_count"],
            Counter<long> => [$"{name}_total"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"\bprosaas_\w+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^\| `(?<line>[^`]+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogLine();

    [GeneratedRegex(@"^ +(?<probe>\w+)Probe: .*path: (?<path>[^ ,]+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KubernetesProbe();
}
