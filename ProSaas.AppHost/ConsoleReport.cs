using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;

namespace ProSaas.AppHost;

/// <summary>
/// Writes what happens to the console: a line for each change of a resource's state, and the resources' own lines with their name in front.
/// A start that fails ends the application, with a line that names the resource and what it said last.
/// </summary>
internal sealed partial class ConsoleReport(
    ResourceNotificationService notifications, ResourceLoggerService logs, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>The application has started when this one is healthy. Afterwards a failure is the developer's to look at.</summary>
    private const string LastToStart = "prosaas-api";

    /// <summary>Calls are answered without it.</summary>
    private const string Dispensable = "baileys";

    /// <summary>A resource's last words may come after the news of its end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _lastLines = new(StringComparer.Ordinal);
    private bool _hasStarted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consoles = new List<Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Resource is ParameterResource || change.Snapshot.IsHidden)
                {
                    continue;
                }

                var isNew = !_states.TryGetValue(change.ResourceId, out var before);
                var state = Describe(change.Snapshot);
                if (isNew)
                {
                    consoles.Add(WriteConsoleAsync(change, stoppingToken));
                }

                if (state.Length > 0 && state != before)
                {
                    Console.WriteLine($"{change.Resource.Name}: {state}");
                }

                _states[change.ResourceId] = state;
                await ReactAsync(change, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(consoles).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Describe(CustomResourceSnapshot snapshot) => (snapshot.State?.Text, snapshot.HealthStatus, snapshot.ExitCode) switch
    {
        (null, _, _) => "",
        ("Running", { } health, _) when snapshot.HealthReports.Length > 0 => $"Running, {health.ToString().ToLowerInvariant()}",
        (var state, _, { } exitCode) when KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) => $"{state} with exit code {exitCode}",
        var (state, _, _) => state,
    };

    private async Task ReactAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        var snapshot = change.Snapshot;
        if (change.Resource.Name == LastToStart && snapshot.HealthStatus is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy && snapshot.State?.Text == KnownResourceStates.Running)
        {
            _hasStarted = true;
        }

        var hasFailed = snapshot.State?.Text == KnownResourceStates.FailedToStart
            || (snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) && snapshot.ExitCode is not (null or 0));
        if (_hasStarted || !hasFailed || change.Resource.Name == Dispensable || Environment.ExitCode is not 0 || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        Environment.ExitCode = 1;
        await Task.Delay(LastWords, time, cancellationToken);
        var cause = _lastLines.TryGetValue(change.ResourceId, out var line) ? line : "its console is empty";
        await Console.Error.WriteLineAsync($"ProSaas does not start, because {change.Resource.Name} failed ({_states[change.ResourceId]}): {cause}");
        lifetime.StopApplication();
    }

    private async Task WriteConsoleAsync(ResourceEvent resource, CancellationToken cancellationToken)
    {
        await foreach (var lines in logs.WatchAsync(resource.ResourceId).WithCancellation(cancellationToken))
        {
            foreach (var line in lines)
            {
                var text = Timestamp().Replace(line.Content, "");
                Console.WriteLine($"{resource.Resource.Name} | {text}");
                _lastLines[resource.ResourceId] = text;
            }
        }
    }

    /// <summary>Aspire dates each line, so that the dashboard can sort them.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();
}
